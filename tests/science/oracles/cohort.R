# Figures of a group: shares, a mean change, and the time until something happens.
# R with the package survival; writes cohort_shares.csv, cohort_change.csv, cohort_waiting.csv
# and cohort_waits.csv beside itself. Run: Rscript --vanilla cohort.R
suppressMessages(library(survival))

shares <- data.frame(k = c(0, 1, 12, 20, 39, 40, 7, 250), n = c(40, 40, 40, 40, 40, 40, 9, 1000))
bounds <- t(mapply(function(k, n) {
  suppressWarnings(prop.test(k, n, correct = FALSE))$conf.int
}, shares$k, shares$n))
colnames(bounds) <- c("low", "high")
write.csv(format(cbind(shares, bounds), digits = 15, trim = TRUE), "cohort_shares.csv",
          row.names = FALSE, quote = FALSE)

set.seed(20261123)
change <- do.call(rbind, lapply(c(3, 4, 5, 10, 31, 200), function(n) {
  x <- rnorm(n, -4, 6)
  ci <- t.test(x)$conf.int
  data.frame(n = n, mean = mean(x), sd = sd(x), low = ci[1], high = ci[2])
}))
write.csv(format(change, digits = 15, trim = TRUE), "cohort_change.csv",
          row.names = FALSE, quote = FALSE)

waits <- list()
curves <- list()
for (set in 1:3) {
  n <- c(23, 80, 400)[set]
  waited <- pmin(ceiling(rexp(n, 0.09)), 25)
  happened <- rbinom(n, 1, c(0.7, 0.5, 0.85)[set])
  waits[[set]] <- data.frame(set = set, weeks = waited, happened = happened)
  fit <- survfit(Surv(waited, happened) ~ 1, conf.type = "log-log")
  middle <- unname(summary(fit)$table[c("median", "0.95LCL", "0.95UCL")])
  curves[[set]] <- data.frame(set = set, weeks = fit$time, share = fit$surv, low = fit$lower,
                              high = fit$upper, median = middle[1], median_low = middle[2],
                              median_high = middle[3])
}
write.csv(do.call(rbind, waits), "cohort_waits.csv", row.names = FALSE, quote = FALSE)
write.csv(format(do.call(rbind, curves), digits = 15, trim = TRUE), "cohort_waiting.csv",
          row.names = FALSE, quote = FALSE)
cat(R.version.string, "survival", as.character(packageVersion("survival")), "\n")
