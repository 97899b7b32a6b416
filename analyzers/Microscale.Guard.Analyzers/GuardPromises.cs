using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Microscale.Guard.Analyzers;

/// <summary>The names of the methods, types, fields and properties that <c>[Guarded]</c> is on, so that only code which
/// mentions one of them has to be looked at.</summary>
internal sealed class GuardPromises
{
    // Of syntax only, and it goes with the tree: an editor has most trees from one compilation to the next.
    private static readonly ConditionalWeakTable<SyntaxTree, string[]> s_namesByTree = new();

    private static readonly string[] s_attributeNames = ["Guarded", "GuardedAttribute"];

    private static readonly NameFilter s_mentions = new(s_attributeNames);

    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    /// <summary>What the attribute is called in code.</summary>
    public static IReadOnlyList<string> AttributeNames => s_attributeNames;

    public IReadOnlyCollection<string> Names => _names;

    public bool IsEmpty => _names.Count == 0;

    public bool Contains(string name) => _names.Contains(name);

    public static GuardPromises Find(Compilation compilation, ChatSymbols symbols)
    {
        var promises = new GuardPromises();
        if (symbols.HasGuardedAttribute)
        {
            foreach (var tree in compilation.SyntaxTrees)
            {
                promises._names.UnionWith(s_namesByTree.GetValue(tree, static t => s_mentions.MayMention(t.GetText()) ? [.. NamesIn(t)] : []));
            }

            foreach (var assembly in compilation.SourceModule.ReferencedAssemblySymbols)
            {
                promises.AddFrom(assembly, symbols);
            }
        }

        return promises;
    }

    /// <remarks>Declarations only: method bodies are passed over.</remarks>
    private static IEnumerable<string> NamesIn(SyntaxTree tree) =>
        tree.GetRoot()
            .DescendantNodes(static n => n is CompilationUnitSyntax or MemberDeclarationSyntax or ParameterListSyntax or ParameterSyntax or AttributeListSyntax)
            .OfType<AttributeSyntax>()
            .Where(IsNamedGuarded)
            .SelectMany(static a => NamesOf(a.Parent?.Parent))
            .Distinct();

    public static bool IsNamedGuarded(AttributeSyntax attribute)
    {
        var name = attribute.Name;
        while (name is QualifiedNameSyntax qualified)
        {
            name = qualified.Right;
        }

        return (name as SimpleNameSyntax ?? (name as AliasQualifiedNameSyntax)?.Name)?.Identifier.ValueText is "Guarded" or "GuardedAttribute";
    }

    private static IEnumerable<string> NamesOf(SyntaxNode? declaration) => declaration switch
    {
        ParameterSyntax { Parent.Parent: RecordDeclarationSyntax record } parameter => [record.Identifier.ValueText, parameter.Identifier.ValueText],
        ParameterSyntax { Parent.Parent: { } owner } => NamesOf(owner),
        FieldDeclarationSyntax field => field.Declaration.Variables.Select(v => v.Identifier.ValueText),
        PropertyDeclarationSyntax property => [property.Identifier.ValueText],
        MethodDeclarationSyntax method => [method.Identifier.ValueText],
        ConstructorDeclarationSyntax constructor => [constructor.Identifier.ValueText],
        TypeDeclarationSyntax type => [type.Identifier.ValueText],
        DelegateDeclarationSyntax type => [type.Identifier.ValueText],
        _ => [],
    };

    private void AddFrom(IAssemblySymbol assembly, ChatSymbols symbols)
    {
        var refersToGuard = assembly.Modules.SelectMany(m => m.ReferencedAssemblies).Any(a => a.Name == "Microscale.Guard");
        if (!refersToGuard)
        {
            return;
        }

        var namespaces = new Stack<INamespaceOrTypeSymbol>([assembly.GlobalNamespace]);
        while (namespaces.Count > 0)
        {
            foreach (var member in namespaces.Pop().GetMembers())
            {
                if (member is INamespaceOrTypeSymbol inner)
                {
                    namespaces.Push(inner);
                }
                else if (member is IMethodSymbol method && method.Parameters.Any(symbols.IsPromised))
                {
                    _names.Add(method.MethodKind == MethodKind.Constructor ? method.ContainingType.Name : method.Name);
                }
                else if (member is IFieldSymbol or IPropertySymbol && symbols.IsPromised(member))
                {
                    _names.Add(member.Name);
                }
            }
        }
    }
}
