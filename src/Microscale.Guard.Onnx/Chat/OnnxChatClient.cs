using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Threading.Channels;
using Microsoft.Extensions.AI;

namespace Microscale.Guard.Onnx;

/// <summary>A small language model that runs in the process, on the CPU, by ONNX Runtime.</summary>
/// <remarks>
/// <para>Safe for concurrent callers: requests share the weights and have each their own state.</para>
/// <para>Temperature, TopK, TopP, FrequencyPenalty, PresencePenalty, Seed, StopSequences, MaxOutputTokens and Instructions of
/// <see cref="ChatOptions"/> are honoured, log-probabilities by <see cref="LogProbabilityExtensions.RequestLogProbabilities"/>.
/// Without a temperature the most probable token is always taken, so equal requests have equal answers. JSON response
/// formats, conversation ids, continuation tokens and other model ids are refused with a <see cref="NotSupportedException"/>,
/// not ignored.</para>
/// <para>Tools are told to the model by its chat template, and its calls become <see cref="FunctionCallContent"/> with the finish
/// reason tool_calls, no part of the text; ToolMode and AllowMultipleToolCalls are honoured. A model whose template knows no tools
/// refuses them, unless ToolMode is None.</para>
/// <para>An answer ends with finish reason stop at the model's end token, any other control token, or a stop sequence (which is
/// not part of the text), and with length at MaxOutputTokens or when the context is full.</para>
/// </remarks>
public sealed class OnnxChatClient : IChatClient
{
    private const int DefaultMaxOutputTokens = 512;

    private readonly DecoderModel _model;
    private readonly ChatTokenizer _tokenizer;
    private readonly ChatTemplate _template;
    private readonly TokenGeneratorPool _pool;

    [SuppressMessage("Usage", "CA2213", Justification = "It holds nothing to release, and requests that wait for it must come through.")]
    private readonly SemaphoreSlim _slots;

    private readonly TimeProvider _timeProvider;
    private readonly int _contextLength;
    private readonly bool _exactSteps;
    private readonly int _defaultMaxOutputTokens;

    /// <summary>Loads a model.</summary>
    /// <param name="modelFolder">Its folder, with model.onnx and the weights beside it, config.json, tokenizer.json, and the chat
    /// template in tokenizer_config.json or chat_template.jinja.</param>
    /// <param name="options">How to load and run it; null for the defaults. Later changes have no effect.</param>
    /// <exception cref="ModelFolderException">A file is missing, or is not that of such a model.</exception>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public OnnxChatClient(ModelFolder modelFolder, OnnxChatClientOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(modelFolder);
        options ??= new();
        options.Validate();
        modelFolder.Require(OnnxSessions.ModelFile, DecoderConfig.FileName, TokenizerFile.FileName);
        _exactSteps = options.ExactSteps;
        ModelId = options.ModelId ?? modelFolder.Name;
        _timeProvider = options.TimeProvider;
        _tokenizer = ChatTokenizer.Load(modelFolder);
        _template = ChatTemplate.Load(modelFolder, _tokenizer, ModelId, _timeProvider);
        _model = DecoderModel.Load(modelFolder, options.ThreadCount, options.AllowSpinning);
        var modelContext = _model.Config.ContextLength;
        _contextLength = options.ContextLength ?? modelContext;
        if (_contextLength > modelContext)
        {
            _model.Dispose();
            OnnxChatClientOptions.Check(
                false, options.ContextLength, string.Create(CultureInfo.InvariantCulture, $"at most {modelContext}, for which the model was made"), nameof(OnnxChatClientOptions.ContextLength));
        }

        _defaultMaxOutputTokens = options.DefaultMaxOutputTokens ?? _model.Config.MaxNewTokens ?? DefaultMaxOutputTokens;
        _pool = new TokenGeneratorPool(_model, _tokenizer.Bytes);
        _slots = new SemaphoreSlim(options.MaxConcurrentRequests);
    }

    /// <summary>The name of the model.</summary>
    public string ModelId { get; }

    /// <inheritdoc />
    /// <exception cref="ArgumentException">The message list is empty, an option is out of its range, or the prompt does not fit
    /// into the context.</exception>
    /// <exception cref="NotSupportedException">The options or a message ask for what the model cannot do.</exception>
    /// <exception cref="ObjectDisposedException">The client is disposed, before or during the request.</exception>
    public async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var request = Read(messages, options);
        var (text, tokens, calls) = (new StringBuilder(), new List<TokenLogProbability>(), new List<FunctionCallContent>());
        var generation = new TextGeneration(_model, _pool, _tokenizer.Bytes, request, _exactSteps);
        await RunAsync(
            generation,
            piece =>
            {
                text.Append(piece.Text);
                tokens.AddRange(piece.Tokens ?? []);
                calls.AddRange(piece.Calls ?? []);
            },
            cancellationToken);
        var response = new ChatResponse(new ChatMessage(ChatRole.Assistant, new GeneratedText(text.ToString(), null, calls).ToContents()) { MessageId = NewId("msg"), CreatedAt = _timeProvider.GetUtcNow() })
        {
            ResponseId = NewId("resp"),
            ModelId = ModelId,
            CreatedAt = _timeProvider.GetUtcNow(),
            FinishReason = generation.FinishReason,
            Usage = generation.Usage,
        };
        if (request.TopLogProbabilities is not null)
        {
            response.SetLogProbabilities(tokens);
        }

        return response;
    }

    /// <inheritdoc />
    /// <remarks>The model does not wait for the reader; it stops when the reader does.</remarks>
    /// <inheritdoc cref="GetResponseAsync" path="/exception"/>
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var request = Read(messages, options);
        var (responseId, messageId) = (NewId("resp"), NewId("msg"));
        var generation = new TextGeneration(_model, _pool, _tokenizer.Bytes, request, _exactSteps);
        var pieces = Channel.CreateUnbounded<GeneratedText>(new() { SingleReader = true, SingleWriter = true });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = FillAsync(pieces.Writer, generation, stop.Token);
        try
        {
            await foreach (var piece in pieces.Reader.ReadAllAsync(cancellationToken))
            {
                var update = Update(piece.ToContents());
                if (piece.Tokens is { } tokens)
                {
                    update.SetLogProbabilities(tokens);
                }

                yield return update;
            }

            var last = Update([new UsageContent(generation.Usage)]);
            last.FinishReason = generation.FinishReason;
            yield return last;
        }
        finally
        {
            // Also when the reader leaves early: the request ends before its enumerator does.
            await stop.CancelAsync();
            await running;
        }

        ChatResponseUpdate Update(IList<AIContent> contents) => new(ChatRole.Assistant, contents)
        {
            ResponseId = responseId,
            MessageId = messageId,
            ModelId = ModelId,
            CreatedAt = _timeProvider.GetUtcNow(),
        };
    }

    /// <inheritdoc />
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType == typeof(ChatClientMetadata) ? new ChatClientMetadata("onnxruntime", defaultModelId: ModelId)
            : serviceType.IsInstanceOfType(this) ? this
            : null;
    }

    /// <summary>Frees the model. Requests that still run end with an <see cref="ObjectDisposedException"/> at their next token,
    /// and the weights with the last of them.</summary>
    public void Dispose()
    {
        _pool.Dispose();
        _model.Dispose();
    }

    private static string NewId(string prefix) => $"{prefix}-{Guid.NewGuid():N}";

    private GenerationRequest Read(IEnumerable<ChatMessage> messages, ChatOptions? options)
    {
        _model.ThrowIfDisposed();
        ArgumentNullException.ThrowIfNull(messages);
        IReadOnlyList<ChatMessage> list = [.. messages];
        if (list.Count == 0)
        {
            throw new ArgumentException("The message list is empty: pass at least one message.", nameof(messages));
        }

        ChatOptionsReader.RefuseUnsupported(options, ModelId);
        var tools = ToolRequest.Read(options, _template.ToolCalls, ModelId);
        var sampling = ChatOptionsReader.ReadSampling(options);
        var stopSequences = ChatOptionsReader.ReadStopSequences(options);
        var maxTokens = ChatOptionsReader.ReadMaxOutputTokens(options) ?? _defaultMaxOutputTokens;
        var topLogProbabilities = ChatOptionsReader.ReadTopLogProbabilities(options);
        var prompt = _template.Render(list, options?.Instructions, tools?.Tools, tools?.AnswerStart);
        var room = _contextLength - prompt.Count;
        return room > 0
            ? new GenerationRequest([.. prompt], sampling, Math.Min(maxTokens, room), stopSequences, topLogProbabilities)
            {
                ToolCalls = tools?.CreateReader(),
                CallMarks = tools?.MarksOf(_tokenizer) ?? FrozenSet<int>.Empty,
            }
            : throw new ArgumentException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The prompt has {prompt.Count} tokens, the context of '{ModelId}' holds {_contextLength} for prompt and answer together: "
                    + $"shorten or drop messages or evidence, or raise OnnxChatClientOptions.ContextLength (at most {_model.Config.ContextLength})."),
                nameof(messages));
    }

    /// <summary>Runs a generation on a thread of the pool, once a slot is free.</summary>
    private async Task RunAsync(TextGeneration generation, Action<GeneratedText> add, CancellationToken cancellationToken)
    {
        await _slots.WaitAsync(cancellationToken);
        try
        {
            await Task.Run(
                () =>
                {
                    foreach (var piece in generation.Run(cancellationToken))
                    {
                        add(piece);
                    }
                },
                cancellationToken);
        }
        finally
        {
            _slots.Release();
        }
    }

    /// <summary>Runs a generation into a channel; what goes wrong reaches the channel's reader.</summary>
    private async Task FillAsync(ChannelWriter<GeneratedText> writer, TextGeneration generation, CancellationToken cancellationToken)
    {
        Exception? fault = null;
        try
        {
            await RunAsync(generation, piece => writer.TryWrite(piece), cancellationToken);
        }
        catch (Exception exception)
        {
            fault = exception;
        }

        writer.Complete(fault);
    }
}
