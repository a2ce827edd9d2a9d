#!/usr/bin/env Rscript
# Two groups before and after (Morris 2008), by metafor. Usage: Rscript prepost_two_groups.R OUTDIR
# The data are the five studies of Morris's Table 5, as in metafor's worked example "Morris (2008)";
# d_ppc1 and d_ppc2 follow its recipes, with the large-sample variances used there.
suppressMessages({library(metafor); library(jsonlite)})
out <- commandArgs(trailingOnly=TRUE)[1]; dir.create(out, showWarnings=FALSE, recursive=TRUE)

d <- data.frame(
  study=paste0("s", 1:5),
  mean_pre_t=c(30.6, 23.5, 0.5, 53.4, 35.6), mean_t=c(38.5, 26.8, 0.7, 75.9, 36.0),
  sd_pre_t=c(15.0, 3.1, 0.1, 14.5, 4.7), sd_t=c(11.6, 4.1, 0.1, 4.4, 4.6), n_t=c(20, 50, 9, 10, 14),
  mean_pre_c=c(23.1, 24.9, 0.6, 55.7, 34.8), mean_c=c(19.7, 25.3, 0.6, 60.7, 33.4),
  sd_pre_c=c(13.8, 4.1, 0.2, 17.3, 3.1), sd_c=c(14.8, 3.3, 0.2, 17.9, 6.9), n_c=c(20, 42, 9, 11, 14),
  r=c(.47, .64, .77, .89, .44))

change <- function(arm) escalc("SMCR", m1i=d[[paste0("mean_", arm)]], m2i=d[[paste0("mean_pre_", arm)]],
  sd1i=d[[paste0("sd_pre_", arm)]], ni=d[[paste0("n_", arm)]], ri=d$r)
t <- change("t"); c <- change("c")

# d_ppc2: the change of one group against that of the other, over both SDs before, pooled. escalc's
# SMD of the two mean changes with the SDs before is just that, small-sample factor included.
ppc2 <- escalc("SMD", m1i=d$mean_t - d$mean_pre_t, sd1i=d$sd_pre_t, n1i=d$n_t,
  m2i=d$mean_c - d$mean_pre_c, sd2i=d$sd_pre_c, n2i=d$n_c)
n <- d$n_t + d$n_c
vi <- 2 * (1 - d$r) * (1 / d$n_t + 1 / d$n_c) + ppc2$yi^2 / (2 * n)

write.csv(d, file.path(out, "prepost_two_groups_morris2008.csv"), row.names=FALSE)
write(toJSON(list(dataset="prepost_two_groups_morris2008", metafor=as.character(packageVersion("metafor")),
  results=list(
    smcr_t=list(yi=as.vector(t$yi), vi=as.vector(t$vi)), smcr_c=list(yi=as.vector(c$yi), vi=as.vector(c$vi)),
    ppc1=list(yi=as.vector(t$yi - c$yi), vi=as.vector(t$vi + c$vi)),
    ppc2=list(yi=as.vector(ppc2$yi), vi_large_sample=as.vector(vi)))),
  digits=NA, auto_unbox=TRUE, na="null", pretty=TRUE), file.path(out, "prepost_two_groups_morris2008.json"))
