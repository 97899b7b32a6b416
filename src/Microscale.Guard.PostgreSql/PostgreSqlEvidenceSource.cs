using System.Globalization;
using Npgsql;

namespace Microscale.Guard.PostgreSql;

/// <summary>Finds passages by PostgreSQL's full-text search.</summary>
/// <remarks>
/// A passage matches when it holds at least one of the question's lexemes, and is relevant when it holds enough of them
/// (<see cref="PostgreSqlEvidenceOptions.MinimumRelevance"/>). Passages are ranked by that share and then by <c>ts_rank_cd</c>, cover
/// density divided by the logarithm of the length. The question is a parameter and never becomes part of the SQL. Safe for
/// concurrent callers; the data source stays the caller's to dispose. Needs PostgreSQL 12 or later.
/// </remarks>
public sealed class PostgreSqlEvidenceSource : IEvidenceSource
{
    private readonly NpgsqlDataSource _dataSource;
    private readonly string _sql;
    private readonly double _minimumRelevance;

    /// <summary>Creates the source. Nothing is asked of the server yet.</summary>
    /// <param name="dataSource">Opens connections.</param>
    /// <param name="options">What to search.</param>
    /// <exception cref="ArgumentException">A setting is missing or out of its range; the message names it.</exception>
    public PostgreSqlEvidenceSource(NpgsqlDataSource dataSource, PostgreSqlEvidenceOptions options)
    {
        ArgumentNullException.ThrowIfNull(dataSource);
        ArgumentNullException.ThrowIfNull(options);
        options = options.CloneValidated();
        _dataSource = dataSource;
        _minimumRelevance = options.MinimumRelevance;
        _sql = EvidenceSql.Build(options);
        Configuration = options.Configuration;
    }

    private string Configuration { get; }

    /// <inheritdoc/>
    /// <exception cref="NpgsqlException">The server cannot be reached, or refuses the query, such as for a column that does not
    /// exist.</exception>
    public async ValueTask<IReadOnlyList<Evidence>> FindAsync(EvidenceQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        if (string.IsNullOrWhiteSpace(query.Text))
        {
            return [];
        }

        await using var command = _dataSource.CreateCommand(_sql);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = Configuration });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = Storable(query.Text) });
        command.Parameters.Add(new NpgsqlParameter<double> { TypedValue = _minimumRelevance });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = query.MaxResults });
        var found = new List<Evidence>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            found.Add(new Evidence(reader.GetString(0), reader.GetString(1))
            {
                Source = reader.GetValue(2) as string,
                Url = Uri.TryCreate(reader.GetValue(3) as string, UriKind.RelativeOrAbsolute, out var url) ? url : null,
                Score = Convert.ToDouble(reader.GetValue(4), CultureInfo.InvariantCulture),
            });
        }

        return found;
    }

    /// <summary>PostgreSQL's text holds no zero character.</summary>
    private static string Storable(string text) => text.Replace('\0', ' ');
}
