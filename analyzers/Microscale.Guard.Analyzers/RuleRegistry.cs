using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Microscale.Guard.Analyzers;

/// <summary>Which rule looks at which code.</summary>
/// <remarks>
/// Goes by names first: the syntax of a file is walked only where its text mentions one, code is bound only where the syntax
/// has it in the right place, and nothing is allocated for the rest.
/// One action a file, because the compiler prepares all declarations for those that register for nodes or operations,
/// which costs more than the rules do.
/// </remarks>
internal sealed class RuleRegistry
{
    private readonly Dictionary<string, List<Action<CodeContext, IInvocationOperation>>> _calls = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<Action<CodeContext, IAssignmentOperation>>> _assignments = new(StringComparer.Ordinal);
    private readonly List<Action<CodeContext, ModelCall>> _modelCalls = [];
    private readonly Dictionary<int, List<Action<CodeContext>>> _nodes = [];
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    public RuleRegistry(CompilationScope scope) => Scope = scope;

    public CompilationScope Scope { get; }

    /// <summary>Looks at calls of methods with these names.</summary>
    public void OnCall(Action<CodeContext, IInvocationOperation> analyze, params string[] names) => Add(_calls, names, analyze);

    /// <summary>Looks at assignments to members with these names.</summary>
    public void OnAssignment(Action<CodeContext, IAssignmentOperation> analyze, params string[] names) => Add(_assignments, names, analyze);

    /// <summary>Looks at calls that make a model answer, with their client traced.</summary>
    public void OnModelCall(Action<CodeContext, ModelCall> analyze) => _modelCalls.Add(analyze);

    /// <summary>Looks at nodes of these kinds in files that mention one of the names.</summary>
    public void OnNode(Action<CodeContext> analyze, IEnumerable<string> names, params SyntaxKind[] kinds)
    {
        _names.UnionWith(names);
        Add(_nodes, kinds.Select(k => (int)k), analyze);
    }

    public void RegisterTo(CompilationStartAnalysisContext start)
    {
        OnCall(
            AnalyzeModelCall,
            Scope.Symbols.CallNames
                .Concat(Scope.Symbols.HasKernel ? ModelCalls.Functions : [])
                .Concat(Scope.Symbols.Options.ModelCallNames)
                .Distinct()
                .ToArray());
        OnNode(AnalyzeCall, _calls.Keys, SyntaxKind.InvocationExpression);
        OnNode(AnalyzeAssignment, _assignments.Keys, SyntaxKind.SimpleAssignmentExpression);
        var filter = new NameFilter(_names);
        start.RegisterSemanticModelAction(file => AnalyzeFile(file, filter));
    }

    /// <summary>The last name of an expression such as <c>a.B.C</c>; null when it has none.</summary>
    public static string? NameOf(ExpressionSyntax expression) => expression switch
    {
        MemberAccessExpressionSyntax access => access.Name.Identifier.ValueText,
        MemberBindingExpressionSyntax binding => binding.Name.Identifier.ValueText,
        SimpleNameSyntax name => name.Identifier.ValueText,
        _ => null,
    };

    private void AnalyzeFile(SemanticModelAnalysisContext file, NameFilter filter)
    {
        var tree = file.SemanticModel.SyntaxTree;
        if (!filter.MayMention(tree.GetText(file.CancellationToken)))
        {
            return;
        }

        // An editor may ask for a part of the file.
        var root = tree.GetRoot(file.CancellationToken);
        foreach (var node in root.DescendantNodesAndSelf(file.FilterSpan ?? root.FullSpan))
        {
            if (_nodes.TryGetValue(node.RawKind, out var actions))
            {
                foreach (var analyze in actions)
                {
                    analyze(new(file, node));
                }
            }
        }
    }

    private void AnalyzeCall(CodeContext context)
    {
        var invocation = (InvocationExpressionSyntax)context.Node;
        if (NameOf(invocation.Expression) is { } name
            && _calls.TryGetValue(name, out var rules)
            && context.SemanticModel.GetOperation(invocation, context.CancellationToken) is IInvocationOperation call)
        {
            foreach (var analyze in rules)
            {
                analyze(context, call);
            }
        }
    }

    private void AnalyzeAssignment(CodeContext context)
    {
        var assignment = (AssignmentExpressionSyntax)context.Node;
        if (NameOf(assignment.Left) is { } name
            && _assignments.TryGetValue(name, out var rules)
            && context.SemanticModel.GetOperation(assignment, context.CancellationToken) is IAssignmentOperation operation)
        {
            foreach (var analyze in rules)
            {
                analyze(context, operation);
            }
        }
    }

    private void AnalyzeModelCall(CodeContext context, IInvocationOperation call)
    {
        if (ModelCall.Trace(call, Scope, context) is { } traced)
        {
            foreach (var analyze in _modelCalls)
            {
                analyze(context, traced);
            }
        }
    }

    private static void Add<TKey, T>(Dictionary<TKey, List<T>> rules, IEnumerable<TKey> keys, T analyze)
    {
        foreach (var key in keys)
        {
            if (!rules.TryGetValue(key, out var list))
            {
                rules.Add(key, list = []);
            }

            list.Add(analyze);
        }
    }
}
