namespace Microscale.Guard.Analyzers.Tests.Harness;

/// <summary>The part of the guard's surface that rules look for and fixes write.</summary>
internal static class GuardApi
{
    public const string Source = """
        using System;
        using System.Collections.Generic;
        using Microsoft.Extensions.AI;

        namespace Microscale.Guard
        {
            public interface IConfidenceScorer { }

            public static class Confidence
            {
                public static IConfidenceScorer TokenProbability() => null!;
            }

            public sealed class HallucinationGuardBuilder
            {
                public HallucinationGuardBuilder ScoreWith(IConfidenceScorer scorer) => this;
                public HallucinationGuardBuilder AbstainBelow(double threshold) => this;
            }

            public sealed class AbstentionOptions { }

            public sealed class AbstentionChatClient : DelegatingChatClient
            {
                public AbstentionChatClient(IChatClient innerClient, AbstentionOptions options) : base(innerClient) { }
            }

            public static class BuilderExtensions
            {
                public static ChatClientBuilder UseHallucinationGuard(this ChatClientBuilder builder, Action<HallucinationGuardBuilder> configure) => builder;
                public static ChatClientBuilder UseAbstention(this ChatClientBuilder builder, Action<AbstentionOptions> configure) => builder;
                public static ChatClientBuilder UseConfidence(this ChatClientBuilder builder, Action<object> configure) => builder;
            }
        }
        """;

    /// <summary>What a project with implicit usings and these libraries sees.</summary>
    public const string Usings = """
        global using System;
        global using System.Collections.Generic;
        global using System.Linq;
        global using System.Threading;
        global using System.Threading.Tasks;
        global using Microsoft.Extensions.AI;
        global using OllamaSharp;
        """;
}
