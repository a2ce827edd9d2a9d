#!/usr/bin/env Rscript
# More reference values for the diagnostics than models.R computes, on the inputs it wrote.
# Usage: Rscript diagnostics.R MODELS_DIR OUTDIR
# Needs Debian's r-cran-metafor and r-cran-jsonlite. Iterative estimates run to tight thresholds.
suppressMessages({library(metafor); library(jsonlite)})
args <- commandArgs(trailingOnly=TRUE)
out <- args[2]; dir.create(out, showWarnings=FALSE, recursive=TRUE)

ctl <- list(maxiter=10000, stepadj=0.5, threshold=1e-10)
try0 <- function(x) tryCatch(suppressWarnings(x), error=function(e) list(error=conditionMessage(e)))
columns <- function(x) lapply(as.list(as.data.frame(x)), as.vector)

one <- function(d) {
  res <- list()
  reml <- rma(yi, vi, data=d, control=ctl)
  knha <- rma(yi, vi, data=d, test="knha", control=ctl)
  ee   <- rma(yi, vi, data=d, method="EE")
  dl   <- rma(yi, vi, data=d, method="DL")
  fits <- list(REML=reml, REML_knha=knha, EE=ee, DL=dl)
  for (n in names(fits)) {
    f <- fits[[n]]
    l <- unclass(leave1out(f))
    res[[paste0("leave1out_", n)]] <- lapply(l[intersect(c("estimate","se","pval","ci.lb","ci.ub","Q","Qp","tau2","I2"), names(l))], as.vector)
    i <- influence(f); i$inf <- unclass(i$inf)
    res[[paste0("influence_", n)]] <- c(columns(i$inf[c("rstudent","dffits","cook.d","cov.r","tau2.del","QE.del","hat","weight")]),
                                        list(dfbs=as.vector(i$dfbs[[1]]), influential=as.vector(i$is.infl)))
    pdf(NULL); b <- baujat(f); invisible(dev.off())
    res[[paste0("baujat_", n)]] <- list(heterogeneity=b$x, influence=b$y)
    cc <- unclass(cumul(f, order=d$vi))
    res[[paste0("cumul_", n)]] <- lapply(cc[intersect(c("estimate","ci.lb","ci.ub","tau2"), names(cc))], as.vector)
    b <- try0(blup(f)); if (is.null(b$error)) res[[paste0("blup_", n)]] <- list(pred=as.vector(b$pred), se=as.vector(b$se), pi_low=as.vector(b$pi.lb), pi_high=as.vector(b$pi.ub))
    for (p in c("sei","vi")) for (m in c("rma","lm")) {
      g <- regtest(f, predictor=p, model=m)
      res[[paste("regtest", m, p, n, sep="_")]] <- list(stat=as.vector(g$zval), df=as.vector(g$ddf), p=as.vector(g$pval), limit_est=as.vector(g$est), limit_low=as.vector(g$ci.lb), limit_high=as.vector(g$ci.ub))
    }
    for (e in c("L0","R0","Q0")) for (side in c("left","right"))
      res[[paste("trimfill", e, side, n, sep="_")]] <- try0({g <- trimfill(f, estimator=e, side=side, control=if (n %in% c("EE","DL")) list() else ctl)
        list(k0=g$k0, se_k0=g$se.k0, p_k0=g$p.k0, estimate=as.vector(g$beta), ci_low=g$ci.lb, ci_high=g$ci.ub, tau2=g$tau2)})
  }
  for (t in c("exact","chi2","binom")) if (t != "exact" || nrow(d) < 20)
    res[[paste0("tes_", t)]] <- try0({g <- tes(yi, vi, data=d, test=t, progbar=FALSE, find.lim=FALSE); list(O=g$O, E=g$E, X2=g$X2, p=g$pval, power=as.vector(g$power))})
  res$tes_REML <- {g <- tes(reml, test="chi2", find.lim=FALSE, rel.tol=1e-12); list(O=g$O, E=g$E, power=as.vector(g$power))}
  for (a in c("greater","less")) for (s in list(0.025, c(0.05, 0.5))) {
    # Nelder-Mead run to the end is the most exact; where its simplex collapses, BFGS stands in.
    for (m in c("Nelder-Mead", "BFGS")) {
      found <- try0({
        g <- selmodel(rma(yi, vi, data=d, method="ML", control=ctl), type="stepfun", steps=s, alternative=a,
                      control=list(optimizer="optim", optmethod=m, reltol=1e-16, maxit=20000))
        list(optmethod=m, estimate=as.vector(g$beta), se=g$se, tau2=g$tau2, se_tau2=g$se.tau2, delta=as.vector(g$delta), loglik=as.vector(logLik(g)), LRT=g$LRT, LRT_p=g$LRTp)})
      res[[paste("selmodel", a, paste(s, collapse="_"), sep="_")]] <- found
      if (is.null(found$error)) break
    }
  }
  for (a in c(0.05, 0.01)) for (k in c("Rosenthal","Rosenberg")) res[[paste("fsn", k, a, sep="_")]] <- fsn(yi, vi, data=d, type=k, alpha=a)$fsnum
  res$fsn_Orwin_0.05_target <- fsn(yi, vi, data=d, type="Orwin", target=0.05)$fsnum
  if (nrow(d) <= 9) {
    g <- gosh(reml, progbar=FALSE)
    res$gosh_REML <- c(columns(g$res), list(incl=apply(g$incl, 1, function(x) paste(which(x), collapse=" "))))
  }
  res
}

for (f in list.files(args[1], pattern="\\.csv$")) {
  d <- read.csv(file.path(args[1], f))
  if (is.null(d$study)) next
  n <- sub("\\.csv$", "", f)
  software <- list(metafor=as.character(packageVersion("metafor")), R=R.version.string)
  write(toJSON(c(list(dataset=n, software=software), one(d)), digits=NA, auto_unbox=TRUE, na="null", null="null", force=TRUE), file.path(out, paste0(n, ".json")))
  cat(n, "k =", nrow(d), "\n")
}
