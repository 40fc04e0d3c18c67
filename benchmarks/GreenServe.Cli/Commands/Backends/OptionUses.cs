using System.CommandLine;
using GreenServe.Records;

namespace GreenServe.Cli.Commands.Backends;

/// <summary>
/// Which kinds of server use which option of a command. An option that has no effect on the server that was chosen is a mistake: its
/// user believes something about the run that is not so.
/// </summary>
internal sealed class OptionUses
{
    private readonly List<(Option Option, ServerKinds Users)> options = [];

    /// <summary>Adds options to a command, and remembers which kinds of server use them.</summary>
    /// <param name="command">The command that gets the options.</param>
    /// <param name="users">The kinds of server that use each of the options.</param>
    /// <param name="added">The options.</param>
    internal void Add(Command command, ServerKinds users, params ReadOnlySpan<Option> added)
    {
        foreach (Option option in added)
        {
            command.Add(option);
            options.Add((option, users));
        }
    }

    /// <summary>One problem for each option that the user gave and the server does not use.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="chosen">The one kind of server that serves.</param>
    internal IEnumerable<Problem> Unused(ParseResult parsed, ServerKinds chosen) => options
        .Where(item => !item.Users.HasFlag(chosen) && parsed.IsGiven(item.Option))
        .Select(item => UnusedBy(chosen, item.Option.Name, item.Users));

    /// <summary>The options that the user gave, whatever serves.</summary>
    internal IEnumerable<Option> Given(ParseResult parsed) => options.Select(item => item.Option).Where(parsed.IsGiven);

    /// <summary>The problem of an option that the chosen server does not use.</summary>
    /// <param name="chosen">The one kind of server that serves.</param>
    /// <param name="name">The option as the user wrote it.</param>
    /// <param name="users">The kinds of server that use it.</param>
    internal static Problem UnusedBy(ServerKinds chosen, string name, ServerKinds users) => new(
        name,
        (chosen, users) == (ServerKinds.SimulatedEngine, ServerKinds.SimulatedCluster)
            ? $"an option of a simulated cluster, where {ServerKindText.NameOf(chosen)} serves alone"
            : $"an option that {ServerKindText.NameOf(chosen)} does not use",
        users == ServerKinds.None ? "the command without it" : $"{ServerKindText.ChoicesOf(users)} with it, or the command without it");
}

/// <summary>Tells what a user wrote from what an option is by default.</summary>
internal static class GivenOption
{
    /// <summary>Whether the user wrote the option.</summary>
    internal static bool IsGiven(this ParseResult parsed, Option option) => parsed.GetResult(option) is { Implicit: false };

    /// <summary>A problem that names the user's own option, where its value came from one, for example <c>--gpu</c>.</summary>
    internal static Problem InWordsOfTheUser(this ParseResult parsed, Problem problem)
    {
        string name = $"--{problem.Place}";
        bool isOption = problem.File is null
            && parsed.CommandResult.Command.Options.Any(option => option.Name == name && parsed.IsGiven(option));
        return isOption ? problem with { Place = name } : problem;
    }
}
