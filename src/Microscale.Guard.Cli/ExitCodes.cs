namespace Microscale.Guard.Cli;

/// <summary>What the exit code of the tool says; docs/cli.md lists them.</summary>
internal static class ExitCodes
{
    /// <summary>The command did what it was asked for.</summary>
    public const int Success = 0;

    /// <summary>The command ran to its end, and what it checked does not hold: findings, a wrong checksum, a missed target.</summary>
    public const int CheckFailed = 1;

    /// <summary>The command line or an input is wrong: an unknown option, a missing file, a setting that cannot be.</summary>
    public const int BadInput = 2;

    /// <summary>Something failed on the way: a server that does not answer, a model that throws.</summary>
    public const int Failed = 3;

    /// <summary>Stopped by Ctrl+C or the like, as shells count it: 128 and the number of the signal.</summary>
    public const int Cancelled = 130;
}
