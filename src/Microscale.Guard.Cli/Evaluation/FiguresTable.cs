using System.Globalization;
using Microscale.Guard.Evaluation;
using Spectre.Console;

namespace Microscale.Guard.Cli.Evaluation;

/// <summary>The figures of a run as a table: a column a pipeline.</summary>
internal static class FiguresTable
{
    public static Table Of(RunResults results)
    {
        var table = new Table().AddColumn("");
        foreach (var pipeline in results.Pipelines)
        {
            table.AddColumn(new TableColumn(Markup.Escape(pipeline.Name)).RightAligned());
        }

        RunFigures[] figures = [.. results.Pipelines.Select(RunFigures.Of)];
        Row("rows", f => f.N.ToString("N0", CultureInfo.InvariantCulture));
        foreach (var name in figures.SelectMany(f => f.ByName.Select(p => p.Key)).Distinct())
        {
            Row(name, f => f.ByName.Where(p => p.Key == name).Select(p => p.Value.ToString("0.000", CultureInfo.InvariantCulture)).FirstOrDefault(""));
        }

        if (figures.Any(f => f.Schema is not null))
        {
            Row("compiled", f => Count(f.Schema?.Compiled));
            Row("wrong", f => Count(f.Schema?.Wrong));
            Row("validAccepted", f => Count(f.Schema?.ValidAccepted));
            Row("invalidRejected", f => Count(f.Schema?.InvalidRejected));
            Row("skipped", f => Count(f.Schema?.Skipped));
        }

        Row("seconds", f => f.Seconds.ToString("0.0", CultureInfo.InvariantCulture));
        return table;

        void Row(string name, Func<RunFigures, string> cell) => table.AddRow([name, .. figures.Select(cell)]);

        static string Count(int? count) => count?.ToString("N0", CultureInfo.InvariantCulture) ?? "";
    }
}
