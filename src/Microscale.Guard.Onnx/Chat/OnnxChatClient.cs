using System.Collections.Frozen;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microscale.Guard.Grammar;
using Microsoft.Extensions.AI;

namespace Microscale.Guard.Onnx;

/// <summary>A small language model that runs in the process, on the CPU, by ONNX Runtime.</summary>
/// <remarks>
/// <para>Safe for concurrent callers: requests that overlap share the runs of the model, each as if it were alone. Those that find
/// no place wait in the order they came; when too many wait, a <see cref="RequestQueueFullException"/> says so.</para>
/// <para>Temperature, TopK, TopP, FrequencyPenalty, PresencePenalty, Seed, StopSequences, MaxOutputTokens and Instructions of
/// <see cref="ChatOptions"/> are honoured, log-probabilities by <see cref="LogProbabilityExtensions.RequestLogProbabilities"/>,
/// and min-p by a number from 0 to 1 in AdditionalProperties under "min_p": tokens with less than this share of the most probable
/// token's probability are not chosen.
/// Without a temperature the most probable token is always taken, so equal requests have equal answers. Conversation ids,
/// continuation tokens and other model ids are refused with a <see cref="NotSupportedException"/>, not ignored.</para>
/// <para>Tools are told to the model by its chat template, and its calls become <see cref="FunctionCallContent"/> with the finish
/// reason tool_calls, no part of the text; ToolMode and AllowMultipleToolCalls are honoured. A model whose template knows no tools
/// refuses them, unless ToolMode is None.</para>
/// <para>With a JSON response format the model can write nothing but JSON, and with a schema nothing but JSON that is valid under
/// it; <see cref="ChatOptionsGrammarExtensions.ConstrainTo"/> does the same for other grammars. The prompt is not changed: say in
/// it what the fields mean. An answer that is cut off at MaxOutputTokens is incomplete.</para>
/// <para>A call can only name a tool of the request, with arguments that are valid under the tool's schema; a request with both
/// tools and a format gets either calls or an answer in that format.</para>
/// <para>An answer ends with finish reason stop at the model's end token, any other control token, or a stop sequence (which is
/// not part of the text), and with length at MaxOutputTokens or when the context is full.</para>
/// </remarks>
public sealed class OnnxChatClient : IChatClient, ISampleGenerator, IContinuationScorer
{
    private const int DefaultMaxOutputTokens = 512;

    private readonly DecoderModel _model;
    private readonly ChatTokenizer _tokenizer;
    private readonly ChatTemplate _template;
    private readonly DecodeScheduler _scheduler;
    private readonly CallMarks _marks;
    private readonly ConstraintReader _constraints;
    private readonly TimeProvider _timeProvider;
    private readonly int _contextLength;
    private readonly int _defaultMaxOutputTokens;

    /// <summary>Opens a model. Its files are checked, and the small ones read; the weights are loaded by the first request, or by
    /// <see cref="LoadAsync"/>, and are in memory once for all clients with the same model, thread count and spinning.</summary>
    /// <param name="modelFolder">Its folder, with the graph (model.onnx, onnx/model.onnx, or what genai_config.json names) and its
    /// weights, config.json or genai_config.json, tokenizer.json, and the chat template in tokenizer_config.json or
    /// chat_template.jinja.</param>
    /// <param name="options">How to load and run it; null for the defaults. Later changes have no effect.</param>
    /// <exception cref="ModelFolderException">A file is missing, or is not that of such a model.</exception>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public OnnxChatClient(ModelFolder modelFolder, OnnxChatClientOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(modelFolder);
        options ??= new();
        options.Validate();
        ModelId = options.ModelId ?? modelFolder.Name;
        _timeProvider = options.TimeProvider;
        _model = new DecoderModel(modelFolder, options.ThreadCount, options.AllowSpinning, options.DirectSteps && !options.ExactSteps);
        _tokenizer = ChatTokenizer.Load(modelFolder);
        _template = ChatTemplate.Load(modelFolder, _tokenizer, ModelId, _timeProvider);
        var modelContext = _model.Config.ContextLength;
        _contextLength = options.ContextLength ?? modelContext;
        if (_contextLength > modelContext)
        {
            OnnxChatClientOptions.Check(
                false, options.ContextLength, string.Create(CultureInfo.InvariantCulture, $"at most {modelContext}, for which the model was made"), nameof(OnnxChatClientOptions.ContextLength));
        }

        _marks = CallMarks.Of(_template.ToolCalls, _tokenizer);
        _constraints = new ConstraintReader(new GrammarCache(() => _marks.CreateVocabulary(_tokenizer, _model.Config.EndTokens)), _marks);
        _defaultMaxOutputTokens = options.DefaultMaxOutputTokens ?? _model.Config.MaxNewTokens ?? DefaultMaxOutputTokens;
        _scheduler = new DecodeScheduler(
            _model,
            _tokenizer.Bytes,
            new EngineSettings(options.MaxConcurrentRequests, options.MaxQueuedRequests, options.PrefixCacheBytes, options.ExactSteps));
        EngineMeter.Add(this);
    }

    /// <summary>The name of the model.</summary>
    public string ModelId { get; }

    /// <summary>What the engine has done so far and has to do now.</summary>
    public OnnxEngineStatistics Statistics => _scheduler.Statistics with { DirectStepsFault = _model.DirectFault };

    /// <summary>Loads the weights before the first request needs them.</summary>
    /// <param name="cancellationToken">Ends the waiting; the loading goes on.</param>
    /// <exception cref="ModelFolderException">The graph or its weights cannot be read, or are of another kind. Requests get it
    /// too.</exception>
    /// <exception cref="ObjectDisposedException">The client is disposed.</exception>
    public Task LoadAsync(CancellationToken cancellationToken = default) => Task.Run(_model.Load, cancellationToken).WaitAsync(cancellationToken);

    /// <inheritdoc />
    /// <exception cref="ModelFolderException">The weights were not loaded yet, and cannot be.</exception>
    /// <exception cref="ArgumentException">The message list is empty, an option is out of its range, or the prompt does not fit
    /// into the context.</exception>
    /// <exception cref="NotSupportedException">The options or a message ask for what the model cannot do.</exception>
    /// <exception cref="JsonSchemaException">The schema of the response format cannot be made into a grammar.</exception>
    /// <exception cref="RequestQueueFullException">Too many requests wait.</exception>
    /// <exception cref="ObjectDisposedException">The client is disposed, before or during the request.</exception>
    public async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var answer = new BufferedAnswer(Read(messages, options), _tokenizer.Bytes, _model.Config.EndTokens);
        await _scheduler.RunAsync(answer.CreateSequence(cancellationToken));
        return answer.ToResponse(ModelId, _timeProvider.GetUtcNow());
    }

    /// <inheritdoc />
    /// <remarks>The model does not wait for the reader; it stops when the reader does.</remarks>
    /// <inheritdoc cref="GetResponseAsync" path="/exception"/>
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var request = Read(messages, options);
        var (responseId, messageId) = (ResponseIds.NewResponse(), ResponseIds.NewMessage());
        var pieces = Channel.CreateUnbounded<GeneratedText>(new() { SingleReader = true, SingleWriter = true });
        var generation = new TextGeneration(_tokenizer.Bytes, _model.Config.EndTokens, request, piece => pieces.Writer.TryWrite(piece));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = FillAsync(pieces.Writer, request.CreateSequence(generation, stop.Token));
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
            if (generation.Form is { } form)
            {
                last.SetAnswerForm(form);
            }

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
    /// <remarks>The prompt is read once, and the answers are made side by side, as many at a time as
    /// <see cref="OnnxChatClientOptions.MaxConcurrentRequests"/> allows. They count as one request.</remarks>
    /// <inheritdoc cref="GetResponseAsync" path="/exception"/>
    public async Task<IReadOnlyList<ChatResponse>> GenerateSamplesAsync(
        IEnumerable<ChatMessage> messages, int count, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var request = Read(messages, options);
        var answers = Enumerable.Range(0, count)
            .Select(i => new BufferedAnswer(request.ForSample(i), _tokenizer.Bytes, _model.Config.EndTokens)).ToList();
        var followers = answers.Skip(1).Select(a => a.CreateSequence(cancellationToken, keepsAnswer: false)).ToList();
        await _scheduler.RunAsync(answers[0].CreateSequence(cancellationToken, keepsAnswer: false, followers));
        return [.. answers.Select((a, i) => a.ToResponse(ModelId, _timeProvider.GetUtcNow(), countsPrompt: i == 0))];
    }

    /// <inheritdoc />
    /// <remarks>The conversation is read once, each continuation in runs of many tokens. Each must fit into the context together
    /// with it.</remarks>
    /// <inheritdoc cref="GetResponseAsync" path="/exception"/>
    public async Task<IReadOnlyList<IReadOnlyList<TokenLogProbability>>> ScoreContinuationsAsync(
        IEnumerable<ChatMessage> messages,
        IReadOnlyList<string> continuations,
        ChatOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(continuations);
        if (continuations.Count == 0 || continuations.Any(string.IsNullOrEmpty))
        {
            throw new ArgumentException("There is no continuation, or one is empty: pass at least one text, none of them empty.", nameof(continuations));
        }

        var request = Read(messages, options);
        List<int[]> tokens = [.. continuations.Select(c => _tokenizer.Encode(c).ToArray())];
        CheckContext(request.Prompt.Length + tokens.Max(t => t.Length), room: 0, "The conversation and its longest continuation have");
        var sequence = new ScoredSequence(request.Prompt, tokens, request.TopLogProbabilities ?? 0, cancellationToken);
        await _scheduler.RunAsync(sequence);
        return sequence.Scores;
    }

    /// <inheritdoc />
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType == typeof(ChatClientMetadata) ? new ChatClientMetadata("onnxruntime", defaultModelId: ModelId)
            : serviceType == typeof(TokenVocabulary) ? _constraints.Vocabulary
            : serviceType.IsInstanceOfType(this) ? this
            : null;
    }

    /// <summary>Frees the model. Requests that still run end with an <see cref="ObjectDisposedException"/> at their next token,
    /// and the weights with the last of them.</summary>
    public void Dispose()
    {
        EngineMeter.Remove(this);
        _scheduler.Dispose();
        _model.Dispose();
    }

    private GenerationRequest Read(IEnumerable<ChatMessage> messages, ChatOptions? options)
    {
        _model.ThrowIfDisposed();
        ArgumentNullException.ThrowIfNull(messages);
        IReadOnlyList<ChatMessage> list = [.. messages];
        if (list.Count == 0)
        {
            throw new ArgumentException("The message list is empty: pass at least one message.", nameof(messages));
        }

        options = options.ResolveEvidenceChoices(list);
        ChatOptionsReader.RefuseUnsupported(options, ModelId);
        var tools = ToolRequest.Read(options, _template.ToolCalls, ModelId);
        var sampling = ChatOptionsReader.ReadSampling(options);
        var stopSequences = ChatOptionsReader.ReadStopSequences(options);
        var maxTokens = ChatOptionsReader.ReadMaxOutputTokens(options) ?? _defaultMaxOutputTokens;
        var topLogProbabilities = ChatOptionsReader.ReadTopLogProbabilities(options);
        var constraint = _constraints.Read(options, ref tools);
        var prompt = _template.Render(list, options?.Instructions, tools?.Tools);
        CheckContext(prompt.Count, room: 1, "The prompt has");
        return new GenerationRequest(
            [.. prompt], sampling, Math.Min(maxTokens, _contextLength - prompt.Count), stopSequences, topLogProbabilities)
        {
            Tools = tools,
            CallMarks = tools is null ? FrozenSet<int>.Empty : _marks.Tokens,
            StripsFirstBlank = _tokenizer.StripsFirstBlank,
            Constraint = constraint is null ? null : () => new GrammarConstraint(constraint.Grammar),
            Form = constraint is null ? null : new AnswerForm(AnswerFormCheck.Constrained) { Warnings = constraint.Warnings },
            IsTextFree = options?.ResponseFormat is not ChatResponseFormatJson && options.GetGrammar() is null,
        };
    }

    private void CheckContext(int tokens, int room, string what)
    {
        if (tokens + room > _contextLength)
        {
            throw new ArgumentException(string.Create(
                CultureInfo.InvariantCulture,
                $"{what} {tokens} tokens, the context of '{ModelId}' holds {_contextLength} for prompt and answer together: shorten or drop messages or evidence, "
                + $"or raise OnnxChatClientOptions.ContextLength (at most {_model.Config.ContextLength})."));
        }
    }

    /// <summary>Runs a sequence whose text goes into a channel; what goes wrong reaches the channel's reader.</summary>
    private async Task FillAsync(ChannelWriter<GeneratedText> writer, DecoderSequence sequence)
    {
        Exception? fault = null;
        try
        {
            await _scheduler.RunAsync(sequence);
        }
        catch (Exception exception)
        {
            fault = exception;
        }

        writer.Complete(fault);
    }
}
