using System.Text.Json;

namespace Microscale.Guard.Onnx;

/// <summary>A token that a tokenizer.json adds to the vocabulary, and that is found in text as a whole.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Content">Its text.</param>
/// <param name="IsSpecial">Whether it is a control token, which is never part of a text.</param>
/// <param name="StripsLeft">Whether it takes the white space before it.</param>
/// <param name="StripsRight">Whether it takes the white space after it.</param>
/// <param name="IsWord">Whether it must not touch letters or digits.</param>
internal sealed record AddedToken(int Id, string Content, bool IsSpecial, bool StripsLeft, bool StripsRight, bool IsWord)
{
    /// <summary>Whether any text may become this token. White space means nothing; everything else may be a sign for the model
    /// (some models mark turns with tokens that are not declared special), so only the template may write it.</summary>
    public bool IsHarmless { get; } = !IsSpecial && string.IsNullOrWhiteSpace(Content);

    public static AddedToken Read(JsonElement token)
    {
        return new(
            token.GetProperty("id").GetInt32(), token.GetProperty("content").GetString()!, Flag("special"), Flag("lstrip"), Flag("rstrip"), Flag("single_word"));

        bool Flag(string name) => token.TryGetProperty(name, out var value) && value.GetBoolean();
    }
}
