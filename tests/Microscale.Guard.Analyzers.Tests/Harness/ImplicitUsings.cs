namespace Microscale.Guard.Analyzers.Tests.Harness;

/// <summary>What code under analysis sees without saying so.</summary>
internal static class ImplicitUsings
{
    /// <summary>What a project with implicit usings sees.</summary>
    public const string Framework = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;

        """;

    /// <summary>What a project with implicit usings and these libraries sees.</summary>
    public const string Source = Framework + """
        global using Microsoft.Extensions.AI;
        global using OllamaSharp;
        """;
}
