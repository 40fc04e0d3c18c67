using System.CommandLine;
using GreenServe.Cli.Commands.Backends;
using GreenServe.Engine;
using GreenServe.Engine.CommandLine;
using GreenServe.Records;

namespace GreenServe.Cli.Commands.Serve;

/// <summary>The options of a server that sends tokens at fixed times.</summary>
internal sealed class FixedScheduleOptionSet
{
    private static readonly FixedScheduleOptions Defaults = new();

    private readonly Option<double?> firstToken = new("--fixed-first-token")
    {
        Description = "Time from a request to its first token in seconds, 0 to 3600. "
            + $"Default: {Defaults.FirstTokenSeconds} if --fixed-gap is given.",
        HelpName = "SECONDS",
    };

    private readonly Option<double?> gap = new("--fixed-gap")
    {
        Description = "Time from one token to the next in seconds, 0 to 3600. "
            + $"Default: {Defaults.TokenGapSeconds} if --fixed-first-token is given.",
        HelpName = "SECONDS",
    };

    private readonly Option<int> chunk = new("--fixed-chunk")
    {
        Description = "Number of tokens sent at once, 1 to 1000. Only with --fixed-gap or --fixed-first-token.",
        HelpName = "N",
        DefaultValueFactory = _ => Defaults.TokensPerChunk,
    };

    internal void AddTo(Command command)
    {
        foreach (Option<double?> time in new[] { firstToken, gap })
        {
            time.Require(value => value is >= 0 and <= 3600, "a number in [0, 3600]");
            command.Add(time);
        }

        chunk.Require(value => value is >= 1 and <= 1000, "a whole number in [1, 1000]");
        command.Add(chunk);
    }

    /// <summary>Whether the user asks for fixed times.</summary>
    /// <exception cref="InvalidInputException">A number of tokens at once is given without fixed times.</exception>
    internal bool AreGiven(ParseResult parsed)
    {
        bool areFixed = parsed.GetValue(firstToken) is not null || parsed.GetValue(gap) is not null;
        return areFixed || !parsed.IsGiven(chunk) ? areFixed : throw new InvalidInputException(
            new Problem(chunk.Name, "it without fixed times", $"{gap.Name} or {firstToken.Name} with it"));
    }

    /// <summary>The times at which tokens are sent.</summary>
    internal FixedScheduleOptions Read(ParseResult parsed) => Defaults with
    {
        FirstTokenSeconds = parsed.GetValue(firstToken) ?? Defaults.FirstTokenSeconds,
        TokenGapSeconds = parsed.GetValue(gap) ?? Defaults.TokenGapSeconds,
        TokensPerChunk = parsed.GetValue(chunk),
    };
}
