using System.Text.Json;

namespace Microscale.Guard.Evaluation;

/// <summary>A JSON schema, and values that it admits or does not.</summary>
/// <param name="Id">The row's own id; null when it has none.</param>
/// <param name="Schema">The schema: an object or a boolean.</param>
/// <param name="Tests">The values.</param>
public sealed record SchemaRow(string? Id, JsonElement Schema, IReadOnlyList<SchemaTest> Tests);

/// <summary>A value, and whether a schema admits it.</summary>
/// <param name="Data">The value.</param>
/// <param name="IsValid">Whether the schema admits it.</param>
public sealed record SchemaTest(JsonElement Data, bool IsValid);
