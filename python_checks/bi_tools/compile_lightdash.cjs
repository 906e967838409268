// Check an export with Lightdash's own schemas and compiler; run by Node.
//
// node compile_lightdash.cjs FOLDER ANSWERS, with NODE_PATH naming a node_modules that has @lightdash/common, writes a JSON
// object to ANSWERS: problems, a list of texts, and tables, each with the SQL that Lightdash compiled for its dimensions and
// metrics.
const fs = require("fs");
const path = require("path");
const { createRequire } = require("module");

const common = require("@lightdash/common");
const ofCommon = createRequire(require.resolve("@lightdash/common"));
const Ajv = ofCommon("ajv").default ?? ofCommon("ajv");
const addFormats = ofCommon("ajv-formats").default ?? ofCommon("ajv-formats");
const yaml = ofCommon("js-yaml");

const [folder, answers] = process.argv.slice(2);
const schemas = path.join(path.dirname(require.resolve("@lightdash/common")), "schemas", "json");
const problems = [];

function documents(kind) {
  const inside = path.join(folder, "lightdash", kind);
  return fs.readdirSync(inside).map((name) => [name, yaml.load(fs.readFileSync(path.join(inside, name), "utf8"))]);
}

function validated(kind, schema) {
  const ajv = new Ajv({ allErrors: true, strict: false, discriminator: false, allowUnionTypes: true });
  addFormats(ajv);
  const validate = ajv.compile(JSON.parse(fs.readFileSync(path.join(schemas, `${schema}-as-code-1.0.json`), "utf8")));
  return documents(kind).map(([name, content]) => {
    if (!validate(content)) {
      problems.push(...validate.errors.map((error) => `${kind}/${name}${error.instancePath}: ${error.message}`));
    }
    return content;
  });
}

// What the compiler asks of a warehouse, as DuckDB and PostgreSQL have it.
const warehouse = {
  getStartOfWeek: () => undefined,
  getAdapterType: () => "postgres",
  getStringQuoteChar: () => "'",
  getEscapeStringQuoteChar: () => "'",
  getFieldQuoteChar: () => '"',
  getFloatingType: () => "FLOAT",
  getMetricSql: (sql, metric) => ({ sum: `SUM(${sql})`, count: `COUNT(${sql})`, average: `AVG(${sql})`, max: `MAX(${sql})` })[metric.type],
  escapeString: (value) => value.replaceAll("'", "''"),
};

async function main() {
  const models = validated("models", "model");
  const charts = validated("charts", "chart");
  const dashboards = validated("dashboards", "dashboard");
  const explores = await common.convertExplores(
    common.convertLightdashModelsToDbtModels(models),
    false,
    "postgres",
    warehouse,
    { spotlight: common.DEFAULT_SPOTLIGHT_CONFIG },
  );
  const tables = {};
  for (const explore of explores) {
    if (explore.errors) {
      problems.push(...explore.errors.map((error) => `${explore.name}: ${error.message}`));
      continue;
    }
    const table = explore.tables[explore.baseTable];
    const compiled = (fields) => Object.fromEntries(Object.values(fields).map((field) => [common.getItemId(field), field.compiledSql]));
    tables[explore.name] = { from: table.sqlTable, dimensions: compiled(table.dimensions), metrics: compiled(table.metrics) };
  }
  for (const chart of charts) {
    const known = tables[chart.tableName] ?? { dimensions: {}, metrics: {} };
    const { dimensions, metrics, sorts } = chart.metricQuery;
    const missing = [
      ...[...dimensions, ...sorts.map((sort) => sort.fieldId)].filter((id) => !(id in known.dimensions)),
      ...metrics.filter((id) => !(id in known.metrics)),
    ];
    problems.push(...missing.map((id) => `${chart.slug}: no field ${id}`));
  }
  const slugs = new Set(charts.map((chart) => chart.slug));
  for (const dashboard of dashboards) {
    const missing = dashboard.tiles.filter((tile) => !slugs.has(tile.properties.chartSlug));
    problems.push(...missing.map((tile) => `${dashboard.slug}: no chart ${tile.properties.chartSlug}`));
  }
  fs.writeFileSync(answers, JSON.stringify({ problems, tables }));
}

main();
