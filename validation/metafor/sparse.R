#!/usr/bin/env Rscript
# Mantel-Haenszel and Peto results by metafor. Usage: Rscript sparse.R OUTDIR
suppressMessages({library(metafor); library(metadat); library(jsonlite)})
out <- commandArgs(trailingOnly=TRUE)[1]; dir.create(out, showWarnings=FALSE, recursive=TRUE)
est <- function(r) list(estimate=as.vector(r$beta), se=r$se, stat=r$zval, p=r$pval, ci_low=r$ci.lb,
  ci_high=r$ci.ub, Q=r$QE, Q_p=r$QEp, I2=r$I2, H2=r$H2, k=r$k, k_q=r$k.yi, weights=as.vector(weights(r)))
sets <- list(
  bcg = with(dat.bcg, data.frame(study=paste(author, year), events_t=tpos, n_t=tpos+tneg, events_c=cpos, n_c=cpos+cneg)),
  egger2001 = with(dat.egger2001, data.frame(study=paste(study, year), events_t=ai, n_t=n1i, events_c=ci, n_c=n2i)),
  nielweise2007 = with(dat.nielweise2007, data.frame(study=paste(author, year), events_t=ai, n_t=n1i, events_c=ci, n_c=n2i)),
  # One trial without events in either arm (Osterheider), two with blank counts.
  linde2005 = with(dat.linde2005, data.frame(study=paste(study, year), events_t=ai, n_t=n1i, events_c=ci, n_c=n2i)),
  # Table 6; one trial with blank counts, two without events.
  yusuf1985 = with(subset(dat.yusuf1985, table == 6), data.frame(study=paste(id, trial), events_t=ai, n_t=n1i, events_c=ci, n_c=n2i)))
for (n in names(sets)) {
  d <- sets[[n]]
  # metafor's defaults: a study without events counts in the pooled risk difference, but not in Q.
  mh <- function(m) est(suppressWarnings(rma.mh(measure=m, ai=events_t, n1i=n_t, ci=events_c, n2i=n_c, data=d)))
  res <- list(dataset=n, metafor=as.character(packageVersion("metafor")), or=mh("OR"), rr=mh("RR"), rd=mh("RD"),
    peto=est(suppressWarnings(rma.peto(ai=events_t, n1i=n_t, ci=events_c, n2i=n_c, data=d))))
  write.csv(d, file.path(out, paste0(n, ".csv")), row.names=FALSE)
  write(toJSON(res, digits=NA, auto_unbox=TRUE, na="null", pretty=TRUE), file.path(out, paste0(n, ".json")))
}
