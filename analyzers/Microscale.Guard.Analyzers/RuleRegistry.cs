using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Microscale.Guard.Analyzers;

/// <summary>Which rule looks at which code.</summary>
/// <remarks>Goes by syntax and names first: code is bound only where a name says that a rule may have something to say, and
/// nothing is allocated for the rest.</remarks>
internal sealed class RuleRegistry
{
    private readonly Dictionary<string, List<Action<SyntaxNodeAnalysisContext, IInvocationOperation>>> _calls = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<Action<SyntaxNodeAnalysisContext, IAssignmentOperation>>> _assignments = new(StringComparer.Ordinal);
    private readonly List<Action<SyntaxNodeAnalysisContext, ModelCall>> _modelCalls = [];
    private readonly List<(SyntaxKind[] Kinds, Action<SyntaxNodeAnalysisContext> Action)> _nodes = [];

    public RuleRegistry(CompilationScope scope) => Scope = scope;

    public CompilationScope Scope { get; }

    /// <summary>Looks at calls of methods with these names.</summary>
    public void OnCall(Action<SyntaxNodeAnalysisContext, IInvocationOperation> analyze, params string[] names) => Add(_calls, names, analyze);

    /// <summary>Looks at assignments to members with these names.</summary>
    public void OnAssignment(Action<SyntaxNodeAnalysisContext, IAssignmentOperation> analyze, params string[] names) => Add(_assignments, names, analyze);

    /// <summary>Looks at calls that make a model answer, with their client traced.</summary>
    public void OnModelCall(Action<SyntaxNodeAnalysisContext, ModelCall> analyze) => _modelCalls.Add(analyze);

    public void OnNode(Action<SyntaxNodeAnalysisContext> analyze, params SyntaxKind[] kinds) => _nodes.Add((kinds, analyze));

    public void RegisterTo(CompilationStartAnalysisContext start)
    {
        OnCall(
            AnalyzeModelCall,
            ModelCalls.Guardable.Concat(ModelCalls.Direct).SelectMany(c => c.Methods)
                .Concat(Scope.Symbols.HasKernel ? ModelCalls.Functions : [])
                .Concat(Scope.Symbols.Options.ModelCallNames)
                .Distinct()
                .ToArray());
        start.RegisterSyntaxNodeAction(AnalyzeCall, SyntaxKind.InvocationExpression);
        start.RegisterSyntaxNodeAction(AnalyzeAssignment, SyntaxKind.SimpleAssignmentExpression);
        foreach (var (kinds, action) in _nodes)
        {
            start.RegisterSyntaxNodeAction(action, kinds);
        }
    }

    /// <summary>The last name of an expression such as <c>a.B.C</c>; null when it has none.</summary>
    public static string? NameOf(ExpressionSyntax expression) => expression switch
    {
        MemberAccessExpressionSyntax access => access.Name.Identifier.ValueText,
        MemberBindingExpressionSyntax binding => binding.Name.Identifier.ValueText,
        SimpleNameSyntax name => name.Identifier.ValueText,
        _ => null,
    };

    private void AnalyzeCall(SyntaxNodeAnalysisContext context)
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

    private void AnalyzeAssignment(SyntaxNodeAnalysisContext context)
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

    private void AnalyzeModelCall(SyntaxNodeAnalysisContext context, IInvocationOperation call)
    {
        if (ModelCall.Trace(call, Scope, context) is { } traced)
        {
            foreach (var analyze in _modelCalls)
            {
                analyze(context, traced);
            }
        }
    }

    private static void Add<T>(Dictionary<string, List<T>> rules, string[] names, T analyze)
    {
        foreach (var name in names)
        {
            if (!rules.TryGetValue(name, out var list))
            {
                rules.Add(name, list = []);
            }

            list.Add(analyze);
        }
    }
}
