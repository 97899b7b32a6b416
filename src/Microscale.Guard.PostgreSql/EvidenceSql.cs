namespace Microscale.Guard.PostgreSql;

/// <summary>Writes the search as SQL. Parameters: $1 the configuration, $2 the question, $3 the least relevance, $4 the most rows.</summary>
internal static class EvidenceSql
{
    /// <summary>ts_rank_cd's flag for dividing by 1 + the logarithm of the length.</summary>
    private const int DivideByLogarithmOfLength = 1;

    public static string Build(PostgreSqlEvidenceOptions options)
    {
        var text = Quote(options.TextColumn);
        var source = options.SourceColumn is { } column ? Quote(column) : null;
        var searched = source is null ? $"p.{text}" : $"coalesce(p.{source}, '') || E'\\n' || p.{text}";
        var vector = options.SearchVectorColumn is { } stored ? $"p.{Quote(stored)}" : $"to_tsvector($1::regconfig, {searched})";

        // Any word of the question makes a match: a question is no list of words that a passage must hold all of. OFFSET 0 keeps the
        // vector from being computed once for each of its uses.
        return $"""
            WITH question AS MATERIALIZED (
                SELECT array_agg(lexeme) AS lexemes, string_agg('''' || replace(replace(lexeme, E'\\', E'\\\\'), '''', '''''') || '''', ' | ')::tsquery AS any_of
                FROM unnest(to_tsvector($1::regconfig, $2))
            ),
            matches AS (
                SELECT
                    p.{Quote(options.IdColumn)}::text AS id,
                    p.{text}::text AS body,
                    {(source is null ? "NULL" : $"p.{source}")}::text AS source,
                    {(options.AddressColumn is { } url ? $"p.{Quote(url)}" : "NULL")}::text AS url,
                    (SELECT count(*) FROM unnest(tsvector_to_array(v.vector)) AS word WHERE word = ANY (q.lexemes))::float8 / cardinality(q.lexemes) AS relevance,
                    ts_rank_cd(v.vector, q.any_of, {DivideByLogarithmOfLength}) AS density
                FROM question AS q, {Quote(options.Table)} AS p, LATERAL (SELECT {vector} AS vector OFFSET 0) AS v
                WHERE {(options.SearchVectorColumn is null ? "v.vector" : vector)} @@ q.any_of
            )
            SELECT id, body, source, url, relevance FROM matches
            WHERE id IS NOT NULL AND body IS NOT NULL AND relevance >= $3
            ORDER BY relevance DESC, density DESC, id
            LIMIT $4
            """;
    }

    /// <summary>A name as SQL: <c>schema.table</c> becomes <c>"schema"."table"</c>.</summary>
    internal static string Quote(string name) =>
        string.Join('.', name.Split('.').Select(part => $"\"{part.Replace("\"", "\"\"", StringComparison.Ordinal)}\""));
}
