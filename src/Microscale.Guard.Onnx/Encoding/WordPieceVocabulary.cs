namespace Microscale.Guard.Onnx;

/// <summary>Reads the vocabulary of a model folder.</summary>
internal static class WordPieceVocabulary
{
    public const string FileName = "vocab.txt";

    /// <summary>Creates the tokenizer of a folder.</summary>
    /// <exception cref="ModelFolderException">The vocabulary is missing, or is that of another kind of model.</exception>
    public static WordPieceTokenizer Load(ModelFolder folder, IReadOnlyCollection<string> specials, string unknown)
    {
        try
        {
            return new WordPieceTokenizer(File.ReadLines(folder.File(FileName)), specials, unknown);
        }
        catch (InvalidDataException exception)
        {
            throw ModelFolderException.For(folder.Path, [], [FileName], $"; {exception.Message}", exception);
        }
    }
}
