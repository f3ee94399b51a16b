/* Scoring and refreshing a caseload as plain loops: what the machine can do.
 * usage: loops score FOLDER PEOPLE | loops caseload FOLDER PEOPLE
 * The protocol is that of turns.py. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ITEMS = 56, SCALES = 7, EACH = 8, LEAST = 6, MEASURES = 4, CHECKED = 40, PRIOR = 12 };
static const double PLANNED = 16, NOT_ON_TRACK = 0.20, SUDDEN = 3.0;

static double now(clockid_t clock) {
  struct timespec at;
  clock_gettime(clock, &at);
  return at.tv_sec + 1e-9 * at.tv_nsec;
}

static void *told(const char *folder, const char *name, size_t *bytes) {
  char path[4096];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  FILE *file = fopen(path, "rb");
  if (!file) exit(2);
  fseek(file, 0, SEEK_END);
  *bytes = ftell(file);
  rewind(file);
  void *data = malloc(*bytes + 1);
  if (fread(data, 1, *bytes, file) != *bytes) exit(2);
  ((char *)data)[*bytes] = 0;
  fclose(file);
  return data;
}

static FILE *outcome(const char *folder, const char *name) {
  char path[4096];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  FILE *file = fopen(path, "wb");
  if (!file) exit(2);
  return file;
}

static int asked(void) {
  char line[16];
  return fgets(line, sizeof line, stdin) != NULL;
}

static double wall, cpu;
static void begin(void) { wall = now(CLOCK_MONOTONIC), cpu = now(CLOCK_PROCESS_CPUTIME_ID); }
static void done(void) {
  printf("done %.9f %.9f\n", now(CLOCK_MONOTONIC) - wall, now(CLOCK_PROCESS_CPUTIME_ID) - cpu);
  fflush(stdout);
}

/* The mean of what was answered, every answer checked; NaN under LEAST answers. */
static void score(const int8_t *rows, size_t people, double *out) {
  for (size_t person = 0; person < people; person++)
    for (int scale = 0; scale < SCALES; scale++) {
      const int8_t *given = rows + person * ITEMS + scale * EACH;
      int sum = 0, count = 0;
      for (int item = 0; item < EACH; item++) {
        int answer = given[item];
        if (answer == -1) continue;
        if (answer < 0 || answer > 4) exit(3);
        sum += item == 1 || item == 4 ? 4 - answer : answer;
        count++;
      }
      out[scale * people + person] = count >= LEAST ? (double)sum / count : NAN;
    }
}

typedef struct {
  double *mean, *sd, *filtered_mean, *filtered_sd, *predicted_mean, *predicted_sd, *z;
  double *loglik, *improve, *worsen;
  double flagged;
} Found;

typedef struct { double a[3], p[6], toward[3], innovation, spread; } Step;

static double below(double z) { return 0.5 * erfc(-z / sqrt(2)); }

/* One person: forwards, the planned end, backwards. */
static void follow(const double *week, const double *nth, const double *y, size_t n, size_t at,
                   const double *k, size_t person, Found *f) {
  double a0 = k[0], a1 = k[2], a2 = 0, noise = k[7] * k[7], still = k[5] * k[5];
  double p0 = k[1] * k[1], p1 = k[4], p2 = 0, p3 = k[3] * k[3], p4 = 0, p5 = still;
  double loglik = 0, first = NAN, d = 0, fade = -log(2) / k[6];
  Step steps[32];
  int sudden = 0;
  for (size_t t = 0; t < n; t++) {
    if (t) {
      double kept = exp(fade * (week[t] - week[t - 1]));
      a2 *= kept, p2 *= kept, p4 *= kept, p5 = still + kept * kept * (p5 - still);
    }
    d = log1p(nth[t]);
    double g0 = p0 + d * p1 + p2, g1 = p1 + d * p3 + p4, g2 = p2 + d * p4 + p5;
    double level = g0 + d * g1 + g2, s = level + noise, predicted = a0 + d * a1 + a2;
    double off = y[t] - predicted, mean = predicted, v = level;
    f->predicted_mean[at + t] = predicted, f->predicted_sd[at + t] = sqrt(s);
    f->z[at + t] = off / f->predicted_sd[at + t];
    if (off == off) {
      double w = 1 / s;
      a0 += g0 * w * off, a1 += g1 * w * off, a2 += g2 * w * off;
      p0 -= g0 * w * g0, p1 -= g0 * w * g1, p2 -= g0 * w * g2;
      p3 -= g1 * w * g1, p4 -= g1 * w * g2, p5 -= g2 * w * g2;
      loglik -= 0.5 * (log(2 * M_PI) + log(s) + off * off * w);
      mean = predicted + level * w * off, v = level * noise * w;
      if (first != first) first = y[t];
      sudden |= fabs(f->z[at + t]) > SUDDEN;
    }
    f->filtered_mean[at + t] = mean, f->filtered_sd[at + t] = sqrt(v);
    Step *here = steps + t;
    here->toward[0] = p0 + d * p1 + p2, here->toward[1] = p1 + d * p3 + p4;
    here->toward[2] = p2 + d * p4 + p5, here->innovation = off, here->spread = s;
  }
  double end = fmax(log1p(PLANNED), d), weeks = (expm1(end) - expm1(d)) * k[11];
  double kept = exp(fade * weeks), mean = a0 + end * a1 + kept * a2;
  double v = p0 + 2 * end * p1 + end * end * p3 + 2 * kept * (p2 + end * p4) + noise +
             p5 * kept * kept - still * expm1(2 * fade * weeks);
  double falls = below((first - k[8] + k[9] / 2 - mean) / sqrt(v));
  double rises = below((mean - (first + k[8] - k[9] / 2)) / sqrt(v));
  f->loglik[person] = loglik;
  f->improve[person] = k[10] ? rises : falls, f->worsen[person] = k[10] ? falls : rises;
  f->flagged += sudden || f->improve[person] < NOT_ON_TRACK;

  double r0 = 0, r1 = 0, r2 = 0, n0 = 0, n1 = 0, n2 = 0, n3 = 0, n4 = 0, n5 = 0;
  for (size_t t = n; t-- > 0;) {
    const Step *here = steps + t;
    const double *to = here->toward;
    if (t + 1 < n) {
      double left = exp(fade * (week[t + 1] - week[t]));
      r2 *= left, n2 *= left, n4 *= left, n5 *= left * left;
    }
    double t0 = n0 * to[0] + n1 * to[1] + n2 * to[2], t1 = n1 * to[0] + n3 * to[1] + n4 * to[2];
    double t2 = n2 * to[0] + n4 * to[1] + n5 * to[2], sd = f->filtered_sd[at + t];
    f->mean[at + t] = f->filtered_mean[at + t] + to[0] * r0 + to[1] * r1 + to[2] * r2;
    f->sd[at + t] = sqrt(fmax(sd * sd - to[0] * t0 - to[1] * t1 - to[2] * t2, 0));
    if (here->innovation != here->innovation) continue;
    double w = 1 / here->spread, g0 = to[0] / noise, g1 = to[1] / noise, g2 = to[2] / noise;
    double dose = log1p(nth[t]), push = here->innovation * w - g0 * r0 - g1 * r1 - g2 * r2;
    t0 /= noise, t1 /= noise, t2 /= noise;
    double sure = w + g0 * t0 + g1 * t1 + g2 * t2;
    r0 += push, r1 += dose * push, r2 += push;
    n0 += sure - 2 * t0, n1 += dose * (sure - t0) - t1, n2 += sure - t0 - t2;
    n3 += dose * (dose * sure - 2 * t1), n4 += dose * (sure - t2) - t1, n5 += sure - 2 * t2;
  }
}

static double *room(size_t count) { return malloc(count * sizeof(double)); }

static void scoring(const char *folder, size_t people) {
  size_t bytes;
  int8_t *rows = told(folder, "rows.i1", &bytes);
  double *out = room(people * SCALES);
  printf("ready cc -O2\n"), fflush(stdout);
  while (asked()) begin(), score(rows, people, out), done();
  FILE *file = outcome(folder, "C.out");
  size_t checked = people < 5000 ? people : 5000;
  for (int scale = 0; scale < SCALES; scale++) fwrite(out + scale * people, 8, checked, file);
  fclose(file);
}

static void caseload(const char *folder, size_t people) {
  size_t bytes;
  int64_t *offsets = told(folder, "offsets.i8", &bytes);
  size_t seen = offsets[people];
  double *week = told(folder, "weeks.f8", &bytes), *nth = told(folder, "sessions.f8", &bytes);
  double *values[MEASURES], priors[MEASURES][PRIOR];
  char *text = told(folder, "priors.txt", &bytes);
  Found found[MEASURES];
  for (int m = 0; m < MEASURES; m++) {
    char name[32];
    snprintf(name, sizeof name, "values-%d.f8", m);
    values[m] = told(folder, name, &bytes);
    for (int i = 0; i < PRIOR; i++) priors[m][i] = strtod(text, &text);
    found[m] = (Found){room(seen),   room(seen),   room(seen),   room(seen),   room(seen), room(seen),
                       room(seen), room(people), room(people), room(people), 0};
  }
  printf("ready cc -O2\n"), fflush(stdout);
  while (asked()) {
    begin();
    for (int m = 0; m < MEASURES; m++) {
      found[m].flagged = 0;
      for (size_t i = 0; i < people; i++) {
        size_t at = offsets[i];
        follow(week + at, nth + at, values[m] + at, offsets[i + 1] - at, at, priors[m], i, found + m);
      }
    }
    done();
  }
  FILE *file = outcome(folder, "C.out");
  for (int m = 0; m < MEASURES; m++) {
    fwrite(found[m].loglik, 8, CHECKED, file), fwrite(found[m].improve, 8, CHECKED, file);
    fwrite(found[m].mean, 8, offsets[CHECKED], file);
  }
  fclose(file);
}

int main(int count, char **given) {
  if (count != 4) return 2;
  (strcmp(given[1], "score") ? caseload : scoring)(given[2], strtoull(given[3], NULL, 10));
  return 0;
}
