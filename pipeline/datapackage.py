"""What travels with the tables of a snapshot: reference tables, `datapackage.json` (Data Package v2), `KAMUS.md` and the data sheet."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pipeline.datasheet import citation, data_changes, data_readme
from pipeline.layout import is_partitioned, table_files
from pipeline.references import write_references
from pipeline.schemas import REFERENCE_TABLES, SCHEMA_VERSION, TABLES, ColumnSpec, ColumnType, TableSpec
from pipeline.store import file_sha256

_PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
_TYPES: dict[ColumnType, str] = {
    ColumnType.TEXT: "string",
    ColumnType.JSON: "string",
    ColumnType.INTEGER: "integer",
    ColumnType.NUMBER: "number",
    ColumnType.BOOLEAN: "boolean",
}


def descriptor(folder: Path, version: str) -> dict[str, Any]:
    """The Data Package descriptor of the Parquet files in `folder`."""
    return {
        "$schema": _PROFILE,
        "name": "renja",
        "title": "Renja, Perubahan Renja, and LKjIP: audited budget tables",
        "description": "Figures printed in Indonesian planning and accountability documents, each with its page and box, its official "
        "nomenklatur entry and the checks made on it. The dictionary is in KAMUS.md.",
        "version": version,
        "schemaVersion": SCHEMA_VERSION,
        "licenses": [{"name": "ODbL-1.0", "path": "https://opendatacommons.org/licenses/odbl/1-0/", "title": "wilayah alone"}],
        "sources": [{"title": "Renja, Perubahan Renja and LKjIP of Indonesian regional agencies; `dokumen.sumber` names each"}],
        "resources": [_resource(spec, folder) for spec in (*TABLES, *REFERENCE_TABLES) if table_files(folder, spec.name)],
    }


def _resource(spec: TableSpec, folder: Path) -> dict[str, Any]:
    files = table_files(folder, spec.name)
    names = [path.relative_to(folder).as_posix() for path in files]
    resource: dict[str, Any] = {
        "name": spec.name,
        "path": names if is_partitioned(folder) and spec in TABLES else names[0],
        "type": "table",
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        "title": spec.indonesian,
        "description": spec.english,
        "bytes": sum(path.stat().st_size for path in files),
        "schema": table_schema(spec),
    }
    if len(files) == 1:
        resource["hash"] = f"sha256:{file_sha256(files[0])}"
    return resource


def table_schema(spec: TableSpec) -> dict[str, Any]:
    """The Table Schema of one published table."""
    schema: dict[str, Any] = {"fields": [_field(spec, column) for column in spec.columns], "primaryKey": list(spec.key)}
    references = [
        {"fields": [own], "reference": {"resource": "" if other == spec.name else other, "fields": [field]}}
        for own, other, field in spec.foreign_keys
    ]
    if references:
        schema["foreignKeys"] = references
    return schema


def _field(spec: TableSpec, column: ColumnSpec) -> dict[str, Any]:
    constraints: dict[str, Any] = {}
    if not column.nullable:
        constraints["required"] = True
    if (column.name,) == spec.key:
        constraints["unique"] = True
    if column.allowed:
        constraints["enum"] = [str(value) for value in column.allowed]
    for name, bound in (("minimum", column.minimum), ("maximum", column.maximum)):
        if bound is not None:
            constraints[name] = int(bound) if column.type is ColumnType.INTEGER else bound
    field: dict[str, Any] = {
        "name": column.name,
        "type": _TYPES[column.type],
        "title": column.indonesian,
        "description": column.english,
        "example": column.example,
    }
    if column.unit is not None:
        field["unit"] = column.unit
    if constraints:
        field["constraints"] = constraints
    return field


def write_descriptions(folder: Path, version: str) -> None:
    """Writes the reference tables and all descriptions beside the Parquet files."""
    write_references(folder)
    texts = {"README.md": data_readme(folder, version), "CITATION.cff": citation(version), "CHANGELOG.md": data_changes()}
    for name, said in texts.items():
        (folder / name).write_text(said, encoding="utf-8")
    text = json.dumps(descriptor(folder, version), ensure_ascii=False, indent=1)
    (folder / "datapackage.json").write_text(text + "\n", encoding="utf-8")
    (folder / "KAMUS.md").write_text(dictionary(), encoding="utf-8")


def dictionary() -> str:
    """The dictionary of all tables and columns, Indonesian first, as Markdown."""
    parts = ["# Kamus data / Data dictionary", f"Versi skema / schema version: {SCHEMA_VERSION}."]
    for spec in (*TABLES, *REFERENCE_TABLES):
        parts.append(
            f"## `{spec.name}`\n\n{spec.indonesian}  \n*{spec.english}*\n\nKunci / key: {', '.join(f'`{name}`' for name in spec.key)}"
        )
        head = "| Kolom | Tipe | Satuan | Boleh kosong | Keterangan | Description | Contoh | Sumber |\n|---|---|---|---|---|---|---|---|"
        parts.append("\n".join([head, *map(_dictionary_line, spec.columns)]))
    return "\n\n".join(parts) + "\n"


def _dictionary_line(column: ColumnSpec) -> str:
    allowed = f" Nilai: {', '.join(f'`{value}`' for value in column.allowed)}." if column.allowed else ""
    reference = f" Menunjuk `{column.refers_to}`." if column.refers_to else ""
    example = str(column.example).replace("|", "\\|")
    cells = (
        f"`{column.name}`",
        column.type.value,
        column.unit or "",
        "ya" if column.nullable else "tidak",
        f"{column.indonesian}{allowed}{reference}",
        column.english,
        f"`{example}`",
        column.source,
    )
    return f"| {' | '.join(cells)} |"
