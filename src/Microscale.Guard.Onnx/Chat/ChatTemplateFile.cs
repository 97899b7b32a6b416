using System.Text.Json;

namespace Microscale.Guard.Onnx;

/// <summary>The chat templates of a model folder, and the tokens that they may write by name.</summary>
/// <param name="FileName">The file that holds them.</param>
/// <param name="Default">The template of conversations.</param>
/// <param name="ToolUse">The template of conversations with tools, where the model has one of its own.</param>
/// <param name="SpecialTokens">bos_token, eos_token and others, by these names.</param>
internal sealed record ChatTemplateFile(string FileName, string Default, string? ToolUse, IReadOnlyDictionary<string, string> SpecialTokens)
{
    private const string TemplateName = "chat_template.jinja";
    private const string OldTemplateName = "chat_template.json";
    private const string ConfigName = "tokenizer_config.json";
    private const string TemplateSetting = "chat_template";

    /// <summary>Reads <c>chat_template.jinja</c>, else <c>chat_template.json</c>, else the setting of <c>tokenizer_config.json</c>.</summary>
    /// <exception cref="ModelFolderException">There is no template, or a file is damaged.</exception>
    public static ChatTemplateFile Read(ModelFolder folder)
    {
        var tokens = folder.Has(ConfigName) ? ModelJson.Read(folder, ConfigName, ReadSpecialTokens) : [];
        if (folder.Has(TemplateName))
        {
            return new(TemplateName, File.ReadAllText(folder.File(TemplateName)), null, tokens);
        }

        var name = folder.Has(OldTemplateName) ? OldTemplateName : ConfigName;
        var (text, toolUse) = folder.Has(name) ? ModelJson.Read(folder, name, ReadTemplates) : (null, null);
        return text is not null
            ? new(name, text, toolUse, tokens)
            : throw ModelFolderException.For(
                folder.Path,
                [TemplateName],
                [],
                $"; no file says how the model's conversations are written: put the model's chat template into {TemplateName}, or its {ConfigName} with '{TemplateSetting}' into the folder");
    }

    /// <summary>One template, or several with names.</summary>
    private static (string? Default, string? ToolUse) ReadTemplates(JsonElement root)
    {
        if (!root.TryGetProperty(TemplateSetting, out var setting) || setting.ValueKind == JsonValueKind.Null)
        {
            return default;
        }

        if (setting.ValueKind == JsonValueKind.String)
        {
            return (setting.GetString(), null);
        }

        var templates = setting.EnumerateArray().ToDictionary(
            t => t.GetProperty("name").GetString()!, t => t.GetProperty("template").GetString(), StringComparer.Ordinal);
        return (templates.GetValueOrDefault("default"), templates.GetValueOrDefault("tool_use"));
    }

    private static Dictionary<string, string> ReadSpecialTokens(JsonElement root)
    {
        var tokens = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var property in root.EnumerateObject().Where(p => p.Name.EndsWith("_token", StringComparison.Ordinal)))
        {
            var value = property.Value.ValueKind == JsonValueKind.Object ? property.Value.GetProperty("content") : property.Value;
            if (value.ValueKind == JsonValueKind.String)
            {
                tokens[property.Name] = value.GetString()!;
            }
        }

        return tokens;
    }
}
