using System.CommandLine;
using GreenServe.Cli.Commands;
using GreenServe.Cli.Commands.Advise;
using GreenServe.Cli.Commands.Bench;
using GreenServe.Cli.Commands.Meters;
using GreenServe.Cli.Commands.Records;
using GreenServe.Cli.Commands.Run;
using GreenServe.Cli.Commands.Serve;

namespace GreenServe.Cli;

/// <summary>The commands of <c>greenserve</c>, in the order of its help. A command is made when it is needed.</summary>
internal static class CommandList
{
    private static readonly (string Name, Func<CommandContext, Command> Create)[] Entries =
    [
        ("advise", AdviseCommand.Create),
        ("bench", BenchCommand.Create),
        ("run", RunCommand.Create),
        ("sweep", SweepCommand.Create),
        ("analyze", _ => AnalyzeCommand.Create()),
        ("attribute", _ => AttributeCommand.Create()),
        ("compare", CompareCommand.Create),
        ("judge", _ => JudgeCommand.Create()),
        ("history", HistoryCommand.Create),
        ("query", _ => QueryCommand.Create()),
        ("trace", _ => TraceCommand.Create()),
        ("serve", ServeCommand.Create),
        ("check-client", CheckClientCommand.Create),
        ("check-gate", _ => CheckGateCommand.Create()),
        ("find-rate", FindRateCommand.Create),
        ("export", _ => ExportCommand.Create()),
        ("meters", MetersCommand.Create),
        ("watch", WatchCommand.Create),
        ("validate", _ => ValidateCommand.Create()),
        ("calibrate", _ => CalibrateCommand.Create()),
    ];

    /// <summary>Every command.</summary>
    internal static IEnumerable<Command> All(CommandContext context) => Entries.Select(entry => entry.Create(context));

    /// <summary>The commands that a command line needs: the one it begins with, none for the version alone, otherwise all.</summary>
    /// <remarks>Each command describes dozens of options. To make all of them takes longer than a short command runs.</remarks>
    internal static IEnumerable<Command> For(string[] arguments, CommandContext context)
    {
        if (arguments is ["--version"])
        {
            return [];
        }

        foreach ((string name, Func<CommandContext, Command> create) in Entries)
        {
            if (arguments.Length > 0 && arguments[0] == name)
            {
                return [create(context)];
            }
        }

        return All(context);
    }
}
