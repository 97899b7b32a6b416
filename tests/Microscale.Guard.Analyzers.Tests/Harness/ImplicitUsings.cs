namespace Microscale.Guard.Analyzers.Tests.Harness;

/// <summary>What code under analysis sees without saying so.</summary>
internal static class ImplicitUsings
{
    /// <summary>What a project with implicit usings and these libraries sees.</summary>
    public const string Source = """
        global using System;
        global using System.Collections.Generic;
        global using System.Linq;
        global using System.Threading;
        global using System.Threading.Tasks;
        global using Microsoft.Extensions.AI;
        global using OllamaSharp;
        """;
}
