#!/usr/bin/env Rscript
# Writes the data sets that Arrowroot takes from R's metadat, under the column names it uses.
# Usage, from the top of the repository: Rscript validation/metafor/datasets.R data
# Needs Debian's r-cran-metadat. No number is computed here except vi = se^2 (baskerville2012).
suppressMessages(library(metadat))
out <- commandArgs(trailingOnly=TRUE)[1]

# "Author Year"; where a source has several comparisons under one label, letters in its own order.
label <- function(author, year) {
  base <- paste(author, year)
  repeated <- base %in% base[duplicated(base)]
  nth <- ave(seq_along(base), base, FUN=seq_along)
  ifelse(repeated, paste0(base, letters[nth]), base)
}

# A column as CSV fields: 15 significant digits, no exponents, empty where missing.
fields <- function(x) {
  text <- vapply(x, function(value) format(value, digits=15, scientific=FALSE), "")
  text <- ifelse(grepl("[\",]", text), paste0("\"", gsub("\"", "\"\"", text), "\""), text)
  ifelse(is.na(x), "", text)
}

put <- function(name, file, table) {
  dir.create(file.path(out, name), showWarnings=FALSE, recursive=TRUE)
  rows <- do.call(paste, c(lapply(table, fields), sep=","))
  writeLines(c(paste(names(table), collapse=","), rows), file.path(out, name, file), useBytes=TRUE)
}

put("baskerville2012", "studies.csv", with(dat.baskerville2012, data.frame(
  study=label(author, year), year, country, design, quality_score=score,
  allocation_concealed=alloconc, blinded=blind, intention_to_treat=itt,
  followup_months=fumonths, retention, outcomes, duration, practices_per_facilitator=pperf,
  meetings, hours, tailored=tailor, yi=smd, se, vi=se^2)))

put("normand1999", "studies.csv", with(dat.normand1999, data.frame(
  study=source, mean_t=m1i, sd_t=sd1i, n_t=n1i, mean_c=m2i, sd_c=sd2i, n_c=n2i)))

put("bcg", "trials.csv", with(dat.bcg, data.frame(
  study=label(author, year), year, events_t=tpos, n_t=tpos + tneg, events_c=cpos, n_c=cpos + cneg,
  ablat, alloc)))

put("raudenbush1985", "studies.csv", with(dat.raudenbush1985, data.frame(
  study=label(author, year), year, weeks, setting, tester, n_t=n1i, n_c=n2i, yi, vi)))

put("konstantopoulos2011", "effects.csv", with(dat.konstantopoulos2011, data.frame(
  study=paste0("District ", district, ", school ", school), effect=study, district, school, year,
  yi, vi)))

put("assink2016", "effects.csv", with(dat.assink2016, data.frame(
  study, effect=id, effect_in_study=esid, published=pubstatus, year, deltype, yi, vi)))

put("molloy2014", "studies.csv", with(dat.molloy2014, data.frame(
  study=label(authors, year), year, r=ri, n=ni, controls, design, adherence_measure=a_measure,
  conscientiousness_measure=c_measure, meanage, quality)))

put("gibson2002", "trials.csv", with(dat.gibson2002, data.frame(
  study=label(author, year), year, mean_t=m1i, sd_t=sd1i, n_t=n1i, mean_c=m2i, sd_c=sd2i, n_c=n2i,
  events_t=ai, no_events_t=bi, events_c=ci, no_events_c=di, type)))

put("hackshaw1998", "studies.csv", with(dat.hackshaw1998, data.frame(
  study=label(author, year), year, country, design, cases, odds_ratio=or, ci_low=or.lb,
  ci_high=or.ub, yi, vi)))

put("egger2001", "trials.csv", with(dat.egger2001, data.frame(
  study=label(study, year), year, events_t=ai, n_t=n1i, events_c=ci, n_c=n2i)))

put("curtis1998", "experiments.csv", with(dat.curtis1998, data.frame(
  study=id, paper, genus, species, functional_group=fungrp, co2_ambient=co2.ambi,
  co2_elevated=co2.elev, co2_unit=units, days=time, pot, method, stock, treatment=xtrt,
  treatment_level=level, mean_t=m1i, sd_t=sd1i, n_t=n1i, mean_c=m2i, sd_c=sd2i, n_c=n2i)))

put("bangertdrowns2004", "studies.csv", with(dat.bangertdrowns2004, data.frame(
  study=label(author, year), year, grade, length, minutes, wic, feedback, info, pers, imag, meta,
  subject, n=ni, yi, vi)))

# Two outcomes on two days: changes, and how many reached the goal of therapy (half as severe).
days <- c(rnic1="runny_nose.1", rnic2="runny_nose.2", snic1="sneezing.1", snic2="sneezing.2")
goal <- with(dat.dagostino1998, dat.dagostino1998[grepl("goal", outcome), ])
goal$outcome <- sub("goal", "ic", goal$outcome)
change <- subset(dat.dagostino1998, outcome %in% names(days))
change <- merge(change, goal[c("study", "outcome", "xt", "xc", "nt", "nc")],
                by=c("study", "outcome"), suffixes=c("", ".goal"))
change <- change[order(change$study, change$outcome), ]
put("dagostino1998", "results.csv", with(change, data.frame(
  study=paste("Study", study), cold, drug,
  outcome=sub("[.].*", "", days[outcome]), day=as.integer(sub(".*[.]", "", days[outcome])),
  scale=ifelse(grepl("^rn", outcome), scale.rn, scale.sn),
  mean_change_t=mt, sd_change_t=sdt, n_t=nt, mean_change_c=mc, sd_change_c=sdc, n_c=nc,
  goal_t=xt.goal, goal_n_t=nt.goal, goal_c=xc.goal, goal_n_c=nc.goal)))
