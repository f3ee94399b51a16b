-- The outcome report of securebase, form 1, for snowflake.

-- figure: care
SELECT
  *
FROM (
  SELECT
    "t0"."care",
    COUNT(*) AS "n",
    COUNT(DISTINCT "t0"."person") AS "people"
  FROM "people" AS "t0"
  GROUP BY
    1
) AS "t1"
ORDER BY
  "t1"."care" ASC
;

-- figure: change
SELECT
  *
FROM (
  SELECT
    "t18"."measure",
    "t18"."category",
    COUNT(*) AS "n",
    COUNT(DISTINCT "t18"."person") AS "people"
  FROM (
    SELECT
      "t17"."person",
      "t17"."measure",
      "t17"."reliable",
      "t17"."cutoff_functional",
      "t17"."line",
      "t17"."before",
      "t17"."after",
      "t17"."value_before",
      "t17"."value_after",
      "t17"."began",
      CASE
        WHEN "t17"."before" IS NULL
        THEN 'unknown'
        WHEN "t17"."after" IS NULL
        THEN 'dropped_out'
        WHEN (
          (
            "t17"."after" - "t17"."before"
          ) >= "t17"."reliable"
        )
        AND NOT (
          (
            "t17"."before" > "t17"."line"
          )
          OR (
            "t17"."cutoff_functional" AND (
              "t17"."before" = "t17"."line"
            )
          )
        )
        AND (
          (
            "t17"."after" > "t17"."line"
          )
          OR (
            "t17"."cutoff_functional" AND (
              "t17"."after" = "t17"."line"
            )
          )
        )
        THEN 'recovered'
        WHEN (
          "t17"."after" - "t17"."before"
        ) >= "t17"."reliable"
        THEN 'improved'
        WHEN (
          (
            "t17"."after" - "t17"."before"
          ) <= -(
            "t17"."reliable"
          )
        )
        AND (
          (
            "t17"."before" > "t17"."line"
          )
          OR (
            "t17"."cutoff_functional" AND (
              "t17"."before" = "t17"."line"
            )
          )
        )
        AND NOT (
          (
            "t17"."after" > "t17"."line"
          )
          OR (
            "t17"."cutoff_functional" AND (
              "t17"."after" = "t17"."line"
            )
          )
        )
        THEN 'harmed'
        WHEN (
          "t17"."after" - "t17"."before"
        ) <= -(
          "t17"."reliable"
        )
        THEN 'deteriorated'
        ELSE 'unchanged'
      END AS "category"
    FROM (
      SELECT
        "t4"."person",
        "t10"."measure",
        "t10"."reliable",
        "t10"."cutoff_functional",
        "t10"."line",
        "t16"."before",
        "t16"."after",
        "t16"."value_before",
        "t16"."value_after",
        "t16"."began"
      FROM (
        SELECT
          "t0"."person"
        FROM "people" AS "t0"
      ) AS "t4"
      CROSS JOIN (
        SELECT
          "t1"."measure",
          "t1"."reliable",
          "t1"."cutoff_functional",
          IFF("t1"."better" = 'higher', 1.0, -1.0) * "t1"."cutoff" AS "line"
        FROM "measures" AS "t1"
        WHERE
          "t1"."reliable" IS NOT NULL AND "t1"."better" IN ('lower', 'higher')
      ) AS "t10"
      LEFT OUTER JOIN (
        SELECT
          "t14"."person",
          "t14"."measure",
          MAX(IFF("t14"."position" = "t14"."first", "t14"."level", NULL)) AS "before",
          MAX(
            IFF(
              (
                "t14"."position" = "t14"."last"
              ) AND (
                "t14"."last" > "t14"."first"
              ),
              "t14"."level",
              NULL
            )
          ) AS "after",
          MAX(IFF("t14"."position" = "t14"."first", "t14"."value", NULL)) AS "value_before",
          MAX(
            IFF(
              (
                "t14"."position" = "t14"."last"
              ) AND (
                "t14"."last" > "t14"."first"
              ),
              "t14"."value",
              NULL
            )
          ) AS "value_after",
          MAX(IFF("t14"."position" = "t14"."first", "t14"."week", NULL)) AS "began"
        FROM (
          SELECT
            "t8"."person",
            "t8"."measure",
            "t8"."position",
            "t8"."week",
            IFF("t7"."better" = 'higher', 1.0, -1.0) * "t8"."value" AS "level",
            "t8"."value",
            "t13"."first",
            "t13"."last"
          FROM (
            SELECT
              *
            FROM "scores" AS "t2"
            WHERE
              "t2"."value" IS NOT NULL
          ) AS "t8"
          INNER JOIN (
            SELECT
              *
            FROM "measures" AS "t1"
            WHERE
              "t1"."reliable" IS NOT NULL AND "t1"."better" IN ('lower', 'higher')
          ) AS "t7"
            ON "t8"."measure" = "t7"."measure"
          INNER JOIN (
            SELECT
              "t11"."person",
              "t11"."measure",
              MIN("t11"."position") AS "first",
              MAX("t11"."position") AS "last"
            FROM (
              SELECT
                "t8"."person",
                "t8"."measure",
                "t8"."position",
                "t8"."week",
                IFF("t7"."better" = 'higher', 1.0, -1.0) * "t8"."value" AS "level",
                "t8"."value"
              FROM (
                SELECT
                  *
                FROM "scores" AS "t2"
                WHERE
                  "t2"."value" IS NOT NULL
              ) AS "t8"
              INNER JOIN (
                SELECT
                  *
                FROM "measures" AS "t1"
                WHERE
                  "t1"."reliable" IS NOT NULL AND "t1"."better" IN ('lower', 'higher')
              ) AS "t7"
                ON "t8"."measure" = "t7"."measure"
            ) AS "t11"
            GROUP BY
              1,
              2
          ) AS "t13"
            ON "t8"."person" = "t13"."person" AND "t8"."measure" = "t13"."measure"
        ) AS "t14"
        GROUP BY
          1,
          2
      ) AS "t16"
        ON "t4"."person" = "t16"."person" AND "t10"."measure" = "t16"."measure"
    ) AS "t17"
  ) AS "t18"
  GROUP BY
    1,
    2
) AS "t19"
ORDER BY
  "t19"."measure" ASC,
  "t19"."category" ASC
;

-- figure: moments
SELECT
  *
FROM (
  SELECT
    "t17"."measure",
    COUNT("t17"."value_after") AS "n",
    SUM(IFF("t17"."after" IS NOT NULL, "t17"."value_before", NULL)) AS "x",
    SUM("t17"."value_after") AS "y",
    SUM(
      IFF("t17"."after" IS NOT NULL, "t17"."value_before" * "t17"."value_before", NULL)
    ) AS "xx",
    SUM("t17"."value_after" * "t17"."value_after") AS "yy",
    SUM("t17"."value_before" * "t17"."value_after") AS "xy"
  FROM (
    SELECT
      "t4"."person",
      "t10"."measure",
      "t10"."reliable",
      "t10"."cutoff_functional",
      "t10"."line",
      "t16"."before",
      "t16"."after",
      "t16"."value_before",
      "t16"."value_after",
      "t16"."began"
    FROM (
      SELECT
        "t0"."person"
      FROM "people" AS "t0"
    ) AS "t4"
    CROSS JOIN (
      SELECT
        "t1"."measure",
        "t1"."reliable",
        "t1"."cutoff_functional",
        IFF("t1"."better" = 'higher', 1.0, -1.0) * "t1"."cutoff" AS "line"
      FROM "measures" AS "t1"
      WHERE
        "t1"."reliable" IS NOT NULL AND "t1"."better" IN ('lower', 'higher')
    ) AS "t10"
    LEFT OUTER JOIN (
      SELECT
        "t14"."person",
        "t14"."measure",
        MAX(IFF("t14"."position" = "t14"."first", "t14"."level", NULL)) AS "before",
        MAX(
          IFF(
            (
              "t14"."position" = "t14"."last"
            ) AND (
              "t14"."last" > "t14"."first"
            ),
            "t14"."level",
            NULL
          )
        ) AS "after",
        MAX(IFF("t14"."position" = "t14"."first", "t14"."value", NULL)) AS "value_before",
        MAX(
          IFF(
            (
              "t14"."position" = "t14"."last"
            ) AND (
              "t14"."last" > "t14"."first"
            ),
            "t14"."value",
            NULL
          )
        ) AS "value_after",
        MAX(IFF("t14"."position" = "t14"."first", "t14"."week", NULL)) AS "began"
      FROM (
        SELECT
          "t8"."person",
          "t8"."measure",
          "t8"."position",
          "t8"."week",
          IFF("t7"."better" = 'higher', 1.0, -1.0) * "t8"."value" AS "level",
          "t8"."value",
          "t13"."first",
          "t13"."last"
        FROM (
          SELECT
            *
          FROM "scores" AS "t2"
          WHERE
            "t2"."value" IS NOT NULL
        ) AS "t8"
        INNER JOIN (
          SELECT
            *
          FROM "measures" AS "t1"
          WHERE
            "t1"."reliable" IS NOT NULL AND "t1"."better" IN ('lower', 'higher')
        ) AS "t7"
          ON "t8"."measure" = "t7"."measure"
        INNER JOIN (
          SELECT
            "t11"."person",
            "t11"."measure",
            MIN("t11"."position") AS "first",
            MAX("t11"."position") AS "last"
          FROM (
            SELECT
              "t8"."person",
              "t8"."measure",
              "t8"."position",
              "t8"."week",
              IFF("t7"."better" = 'higher', 1.0, -1.0) * "t8"."value" AS "level",
              "t8"."value"
            FROM (
              SELECT
                *
              FROM "scores" AS "t2"
              WHERE
                "t2"."value" IS NOT NULL
            ) AS "t8"
            INNER JOIN (
              SELECT
                *
              FROM "measures" AS "t1"
              WHERE
                "t1"."reliable" IS NOT NULL AND "t1"."better" IN ('lower', 'higher')
            ) AS "t7"
              ON "t8"."measure" = "t7"."measure"
          ) AS "t11"
          GROUP BY
            1,
            2
        ) AS "t13"
          ON "t8"."person" = "t13"."person" AND "t8"."measure" = "t13"."measure"
      ) AS "t14"
      GROUP BY
        1,
        2
    ) AS "t16"
      ON "t4"."person" = "t16"."person" AND "t10"."measure" = "t16"."measure"
  ) AS "t17"
  GROUP BY
    1
) AS "t18"
ORDER BY
  "t18"."measure" ASC
;

-- figure: response
WITH "t11" AS (
  SELECT
    "t8"."person",
    "t8"."measure",
    "t8"."position",
    "t8"."week",
    IFF("t7"."better" = 'higher', 1.0, -1.0) * "t8"."value" AS "level",
    "t8"."value"
  FROM (
    SELECT
      *
    FROM "scores" AS "t2"
    WHERE
      "t2"."value" IS NOT NULL
  ) AS "t8"
  INNER JOIN (
    SELECT
      *
    FROM "measures" AS "t1"
    WHERE
      "t1"."reliable" IS NOT NULL AND "t1"."better" IN ('lower', 'higher')
  ) AS "t7"
    ON "t8"."measure" = "t7"."measure"
)
SELECT
  *
FROM (
  SELECT
    "t25"."measure",
    "t25"."weeks",
    COUNT(*) AS "n",
    SUM("t25"."happened") AS "events"
  FROM (
    SELECT
      "t24"."person",
      "t24"."measure",
      COALESCE("t24"."reached", "t24"."seen") - "t24"."began" AS "weeks",
      IFF("t24"."reached" IS NOT NULL, 1, 0) AS "happened"
    FROM (
      SELECT
        "t23"."person",
        "t23"."measure",
        MIN(
          IFF((
            "t23"."level" - "t23"."before"
          ) >= "t23"."reliable", "t23"."week", NULL)
        ) AS "reached",
        MAX("t23"."week") AS "seen",
        MIN("t23"."began") AS "began"
      FROM (
        SELECT
          "t22"."person",
          "t22"."measure",
          "t22"."reliable",
          "t22"."before",
          "t22"."began",
          "t14"."week",
          "t14"."level"
        FROM (
          SELECT
            "t20"."person",
            "t20"."measure",
            "t20"."reliable",
            "t20"."before",
            "t20"."began"
          FROM (
            SELECT
              "t4"."person",
              "t10"."measure",
              "t10"."reliable",
              "t10"."cutoff_functional",
              "t10"."line",
              "t19"."before",
              "t19"."after",
              "t19"."value_before",
              "t19"."value_after",
              "t19"."began"
            FROM (
              SELECT
                "t0"."person"
              FROM "people" AS "t0"
            ) AS "t4"
            CROSS JOIN (
              SELECT
                "t1"."measure",
                "t1"."reliable",
                "t1"."cutoff_functional",
                IFF("t1"."better" = 'higher', 1.0, -1.0) * "t1"."cutoff" AS "line"
              FROM "measures" AS "t1"
              WHERE
                "t1"."reliable" IS NOT NULL AND "t1"."better" IN ('lower', 'higher')
            ) AS "t10"
            LEFT OUTER JOIN (
              SELECT
                "t17"."person",
                "t17"."measure",
                MAX(IFF("t17"."position" = "t17"."first", "t17"."level", NULL)) AS "before",
                MAX(
                  IFF(
                    (
                      "t17"."position" = "t17"."last"
                    ) AND (
                      "t17"."last" > "t17"."first"
                    ),
                    "t17"."level",
                    NULL
                  )
                ) AS "after",
                MAX(IFF("t17"."position" = "t17"."first", "t17"."value", NULL)) AS "value_before",
                MAX(
                  IFF(
                    (
                      "t17"."position" = "t17"."last"
                    ) AND (
                      "t17"."last" > "t17"."first"
                    ),
                    "t17"."value",
                    NULL
                  )
                ) AS "value_after",
                MAX(IFF("t17"."position" = "t17"."first", "t17"."week", NULL)) AS "began"
              FROM (
                SELECT
                  "t8"."person",
                  "t8"."measure",
                  "t8"."position",
                  "t8"."week",
                  IFF("t7"."better" = 'higher', 1.0, -1.0) * "t8"."value" AS "level",
                  "t8"."value",
                  "t16"."first",
                  "t16"."last"
                FROM (
                  SELECT
                    *
                  FROM "scores" AS "t2"
                  WHERE
                    "t2"."value" IS NOT NULL
                ) AS "t8"
                INNER JOIN (
                  SELECT
                    *
                  FROM "measures" AS "t1"
                  WHERE
                    "t1"."reliable" IS NOT NULL AND "t1"."better" IN ('lower', 'higher')
                ) AS "t7"
                  ON "t8"."measure" = "t7"."measure"
                INNER JOIN (
                  SELECT
                    "t12"."person",
                    "t12"."measure",
                    MIN("t12"."position") AS "first",
                    MAX("t12"."position") AS "last"
                  FROM "t11" AS "t12"
                  GROUP BY
                    1,
                    2
                ) AS "t16"
                  ON "t8"."person" = "t16"."person" AND "t8"."measure" = "t16"."measure"
              ) AS "t17"
              GROUP BY
                1,
                2
            ) AS "t19"
              ON "t4"."person" = "t19"."person" AND "t10"."measure" = "t19"."measure"
          ) AS "t20"
          WHERE
            "t20"."before" IS NOT NULL
        ) AS "t22"
        INNER JOIN (
          SELECT
            "t12"."person",
            "t12"."measure",
            "t12"."week",
            "t12"."level"
          FROM "t11" AS "t12"
        ) AS "t14"
          ON "t22"."person" = "t14"."person" AND "t22"."measure" = "t14"."measure"
      ) AS "t23"
      GROUP BY
        1,
        2
    ) AS "t24"
  ) AS "t25"
  GROUP BY
    1,
    2
) AS "t26"
ORDER BY
  "t26"."measure" ASC,
  "t26"."weeks" ASC
;

-- figure: ruptures
SELECT
  *
FROM (
  SELECT
    "t1"."state",
    COUNT(*) AS "n",
    COUNT(DISTINCT "t1"."person") AS "people"
  FROM (
    SELECT
      "t0"."person",
      "t0"."week",
      "t0"."kind",
      "t0"."repaired_week",
      IFF("t0"."repaired_week" IS NOT NULL, 'repaired', 'open') AS "state"
    FROM "ruptures" AS "t0"
  ) AS "t1"
  GROUP BY
    1
) AS "t2"
ORDER BY
  "t2"."state" ASC
;

-- figure: signals
SELECT
  *
FROM (
  SELECT
    "t6"."kind",
    "t6"."state",
    COUNT(*) AS "n",
    COUNT(DISTINCT "t6"."person") AS "people"
  FROM (
    SELECT
      "t5"."person",
      "t5"."signal",
      "t5"."week",
      "t5"."kind",
      "t5"."rule",
      "t5"."tier",
      "t5"."measure",
      "t5"."_person",
      "t5"."_signal",
      "t5"."acted",
      CASE
        WHEN "t5"."acted" IS NULL
        THEN 'waiting'
        WHEN "t5"."acted" = 1
        THEN 'acted'
        ELSE 'seen'
      END AS "state"
    FROM (
      SELECT
        "t2"."person",
        "t2"."signal",
        "t2"."week",
        "t2"."kind",
        "t2"."rule",
        "t2"."tier",
        "t2"."measure",
        "t4"."person" AS "_person",
        "t4"."signal" AS "_signal",
        "t4"."acted"
      FROM "signals" AS "t2"
      LEFT OUTER JOIN (
        SELECT
          "t1"."person",
          "t1"."signal",
          MAX(IFF("t1"."act" IN ('closed', 'suggestion_accept'), 1, 0)) AS "acted"
        FROM "acts" AS "t1"
        GROUP BY
          1,
          2
      ) AS "t4"
        ON "t2"."person" = "t4"."person" AND "t2"."signal" = "t4"."signal"
    ) AS "t5"
  ) AS "t6"
  GROUP BY
    1,
    2
) AS "t7"
ORDER BY
  "t7"."kind" ASC,
  "t7"."state" ASC
;

-- figure: answered
SELECT
  *
FROM (
  SELECT
    "t0"."measure",
    "t0"."state",
    COUNT(*) AS "n",
    COUNT(DISTINCT "t0"."person") AS "people"
  FROM "scores" AS "t0"
  GROUP BY
    1,
    2
) AS "t1"
ORDER BY
  "t1"."measure" ASC,
  "t1"."state" ASC
;

-- figure: checkins
SELECT
  *
FROM (
  SELECT
    "t0"."state",
    COUNT(*) AS "n",
    COUNT(DISTINCT "t0"."person") AS "people"
  FROM "checkins" AS "t0"
  GROUP BY
    1
) AS "t1"
ORDER BY
  "t1"."state" ASC
;

-- figure: sessions
SELECT
  *
FROM (
  SELECT
    "t0"."state",
    COUNT(*) AS "n",
    COUNT(DISTINCT "t0"."person") AS "people"
  FROM "sessions" AS "t0"
  GROUP BY
    1
) AS "t1"
ORDER BY
  "t1"."state" ASC
;
