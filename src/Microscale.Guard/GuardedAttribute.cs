namespace Microscale.Guard;

/// <summary>Promises that a chat client has a guard, so that the analyzers need not see where it is made.</summary>
/// <remarks>
/// On a parameter, a field or a property it says that only guarded clients come in; on a return value, that only guarded
/// clients come out; on an assembly, that every client which its methods and properties hand to other assemblies is
/// guarded. The analyzers trust the promise where the client is used, and hold those to it who pass, assign or return a
/// client (MSG004). It has no effect when the program runs.
/// </remarks>
/// <example><code>public Answers([Guarded] IChatClient client) => _client = client;</code></example>
[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.ReturnValue | AttributeTargets.Field | AttributeTargets.Property | AttributeTargets.Assembly)]
public sealed class GuardedAttribute : Attribute;
