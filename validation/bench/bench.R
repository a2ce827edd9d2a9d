#!/usr/bin/env Rscript
# Times metafor on the data that run.py wrote. Usage: Rscript bench.R DIR
# Writes DIR/metafor.csv: task, seconds, units (what the seconds are shared among).
suppressMessages({library(metafor); library(Matrix)})
dir <- commandArgs(trailingOnly=TRUE)[1]
rows <- list()
timed <- function(task, units, code) {
  seconds <- system.time(force(code))[["elapsed"]]
  rows[[length(rows) + 1]] <<- data.frame(task=task, seconds=seconds, units=units)
}
many <- read.csv(file.path(dir, "many.csv"))
parts <- split(many[, c("yi", "vi")], many$analysis)
timed("many", length(parts), for (d in parts)
  tryCatch(suppressWarnings(predict(rma(yi, vi, data=d, method="REML", test="knha"))), error=function(e) NULL))
bcg <- read.csv(file.path(dir, "bcg.csv"))
timed("one", 200, for (i in 1:200) rma(yi, vi, data=bcg, test="knha"))
fit <- rma(yi, vi, data=bcg, method="REML")
timed("gosh", 8191, suppressWarnings(gosh(fit, subsets=8191, progbar=FALSE)))
regression <- rma(yi, vi, mods=~ablat, data=bcg)
timed("permutation", 1000, permutest(regression, iter=1000, progbar=FALSE))
nested <- read.csv(file.path(dir, "nested.csv"))
timed("three_level", 1, rma.mv(yi, vi, random=~1|cluster/effect, data=nested, sparse=TRUE))
write.csv(do.call(rbind, rows), file.path(dir, "metafor.csv"), row.names=FALSE)
