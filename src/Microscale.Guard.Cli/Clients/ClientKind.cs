namespace Microscale.Guard.Cli.Clients;

/// <summary>Where a model runs.</summary>
internal enum ClientKind
{
    /// <summary>In this process, on ONNX Runtime.</summary>
    Local,

    /// <summary>On an Ollama server.</summary>
    Ollama,

    /// <summary>On a server that speaks the protocol of OpenAI's chat completions.</summary>
    OpenAI,
}
