using System.CommandLine;
using Microscale.Guard.Evaluation;

namespace Microscale.Guard.Cli.Documents;

/// <summary>The option that says what fields are called in a file.</summary>
internal static class FieldMap
{
    public static Option<string[]> CreateOption() => new("--field")
    {
        Description = "What a field is called in the file, such as premise=document.",
        HelpName = "name=column",
        AllowMultipleArgumentsPerToken = true,
    };

    /// <exception cref="BadInputException">A value does not say which field is called what.</exception>
    public static DatasetOptions Read(IReadOnlyList<string>? fields)
    {
        var options = new DatasetOptions();
        foreach (var field in fields ?? [])
        {
            if (field.Split('=', 2) is not [{ Length: > 0 } name, { Length: > 0 } column])
            {
                throw new BadInputException($"--field '{field}' does not say which field is called what: write such as premise=document.");
            }

            options.Fields[name] = column;
        }

        return options;
    }
}
