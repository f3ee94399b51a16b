# Write btheb.csv (Beat the Blues as a long table) and btheb_figures.csv (lme4 on it).
#
# Debian: r-cran-lme4 and r-cran-hsaur3. Run in this folder: Rscript btheb.R
# Data: Proudfoot et al. (2003), Psychol Med 33, 217-227, the 100 people in HSAUR3. Time in
# months; what is known at the start: BDI in sds, drug, length of illness, treatment.

suppressMessages({
  library(lme4)
  library(HSAUR3)
})

data("BtheB", package = "HSAUR3")
start <- data.frame(
  pre = round((BtheB$bdi.pre - mean(BtheB$bdi.pre)) / sd(BtheB$bdi.pre), 6),
  drug = as.integer(BtheB$drug == "Yes"),
  long = as.integer(BtheB$length == ">6m"),
  blues = as.integer(BtheB$treatment == "BtheB")
)
months <- c(2, 3, 5, 8)
told <- do.call(rbind, lapply(seq_len(nrow(BtheB)), function(i) {
  bdi <- unlist(BtheB[i, c("bdi.2m", "bdi.3m", "bdi.5m", "bdi.8m")])
  data.frame(person = i, start[i, ], time = months, value = bdi, row.names = NULL)
}))
write.csv(told, "btheb.csv", row.names = FALSE, quote = FALSE, na = "")

control <- lmerControl(optimizer = "bobyqa",
  optCtrl = list(rhobeg = 0.02, rhoend = 1e-10, maxfun = 1e6))
m <- lmer(value ~ time * (pre + drug + long + blues) + (time | person), told,
  REML = FALSE, control = control)
spread <- as.data.frame(VarCorr(m))$sdcor
found <- summary(m)$coefficients
figures <- c(
  loglik = as.numeric(logLik(m)),
  intercept_sd = spread[1], slope_sd = spread[2], correlation = spread[3],
  error_sd = spread[4],
  setNames(found[, 1], rownames(found)), setNames(found[, 2], paste0(rownames(found), ".se"))
)
write.csv(data.frame(figure = names(figures), value = trimws(formatC(figures, digits = 12,
  format = "g"))), "btheb_figures.csv", row.names = FALSE, quote = FALSE)
cat(R.version.string, "lme4", format(packageVersion("lme4")),
  "HSAUR3", format(packageVersion("HSAUR3")), "\n")
