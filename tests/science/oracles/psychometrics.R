# Write psychometrics_invented.csv (answers of 300 invented people to eight items, 0 to 4, two
# of them turned round), psychometrics_bfi.csv (2,800 people on five items of agreeableness,
# as in psych) and psychometrics_figures.csv (psych::alpha on both).
#
# Debian: r-cran-psych. Run in this folder: Rscript psychometrics.R

suppressMessages(library(psych))

plain <- function(x) trimws(formatC(x, digits = 12, format = "g"))
write <- function(told, file) write.csv(told, file, row.names = FALSE, quote = FALSE, na = "")
quiet <- function(x) suppressWarnings(x)

of <- function(data, name, keys) {
  whole <- na.omit(data)
  a <- quiet(alpha(whole, keys = keys, check.keys = FALSE))
  turned <- whole
  for (key in keys) turned[[key]] <- max(data, na.rm = TRUE) + min(data, na.rm = TRUE) - turned[[key]]
  total <- rowSums(turned)
  item <- function(figure, values) data.frame(data = name, figure, item = colnames(data),
    value = plain(values))
  scale <- function(figure, value) data.frame(data = name, figure, item = "", value = plain(value))
  rbind(
    scale("alpha", a$total$raw_alpha), scale("alpha_error", a$total$ase),
    scale("complete", nrow(whole)), scale("mean", mean(total)), scale("sd", sd(total)),
    item("missing", colMeans(is.na(data))), item("rest", a$item.stats$r.drop),
    item("mean", colMeans(turned)), item("sd", apply(turned, 2, sd)),
    data.frame(data = name, figure = "percentile", item = c(5, 10, 25, 50, 75, 90, 95),
      value = plain(quantile(total, c(5, 10, 25, 50, 75, 90, 95) / 100)))
  )
}

set.seed(20261123)
level <- rnorm(300)
invented <- as.data.frame(sapply(1:8, function(i)
  pmin(4, pmax(0, round(1.6 + 0.8 * level + rnorm(300))))))
names(invented) <- paste0("i", 1:8)
invented[c(3, 6)] <- 4 - invented[c(3, 6)]
for (i in 1:8) invented[sample(300, 5), i] <- NA
write(invented, "psychometrics_invented.csv")
agree <- bfi[, paste0("A", 1:5)]
write(agree, "psychometrics_bfi.csv")
write(rbind(of(invented, "invented", c("i3", "i6")), of(agree, "bfi", "A1")),
  "psychometrics_figures.csv")
cat(R.version.string, "psych", format(packageVersion("psych")), "\n")
