using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Microscale.Guard.Benchmarks.Quality;

/// <summary>Keeps the scores of pairs in a file, so that a change of anything but the model is measured in seconds.</summary>
internal sealed class CachedEntailmentModel : IEntailmentModel, IDisposable
{
    private readonly IEntailmentModel _model;
    private readonly Dictionary<string, EntailmentScores> _known = [];
    private readonly StreamWriter _file;
    private readonly SemaphoreSlim _gate = new(1, 1);

    public CachedEntailmentModel(IEntailmentModel model, string path)
    {
        _model = model;
        foreach (var line in File.Exists(path) ? File.ReadLines(path) : [])
        {
            var parts = line.Split('\t');
            _known[parts[0]] = new EntailmentScores(Number(parts[1]), Number(parts[2]), Number(parts[3]));
        }

        _file = new StreamWriter(path, append: true) { AutoFlush = true };
    }

    public async ValueTask<IReadOnlyList<EntailmentScores>> ClassifyAsync(IReadOnlyList<EntailmentPair> pairs, CancellationToken cancellationToken = default)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            return await ClassifyOneByOneAsync(pairs, cancellationToken);
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose()
    {
        _file.Dispose();
        _gate.Dispose();
    }

    private async ValueTask<IReadOnlyList<EntailmentScores>> ClassifyOneByOneAsync(IReadOnlyList<EntailmentPair> pairs, CancellationToken cancellationToken)
    {
        var scores = new List<EntailmentScores>();
        foreach (var pair in pairs)
        {
            var key = Key(pair);
            if (!_known.TryGetValue(key, out var found))
            {
                found = (await _model.ClassifyAsync([pair], cancellationToken))[0];
                _known[key] = found;
                await _file.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{key}\t{found.Entailment:0.0000}\t{found.Neutral:0.0000}\t{found.Contradiction:0.0000}"));
            }

            scores.Add(found);
        }

        return scores;
    }

    private static string Key(EntailmentPair pair)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(pair.Premise + "\0" + pair.Claim), hash);
        return Convert.ToHexStringLower(hash[..20]);
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
