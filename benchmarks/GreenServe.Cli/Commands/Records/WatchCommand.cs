using System.CommandLine;
using GreenServe.Engine.CommandLine;
using GreenServe.Records;
using GreenServe.Watching.Courses;
using GreenServe.Watching.Pages;
using GreenServe.Watching.Recorded;

namespace GreenServe.Cli.Commands.Records;

/// <summary><c>greenserve watch</c>: a record in the browser, while it is written or afterwards.</summary>
internal static class WatchCommand
{
    private static readonly Argument<string> FolderArgument = new("FOLDER")
    {
        Description = "A run record, or a folder with run records in or below it, such as that of a sweep.",
    };

    private static readonly Option<int?> PortOption = new Option<int?>("--port")
    {
        Description = "TCP port of the page on 127.0.0.1, 0 to 65535. 0 takes a free port. "
            + $"Default: {LivePageHost.DefaultPort}, or a free one if that is in use.",
        HelpName = "N",
    }.Require(value => value is >= 0 and <= 65_535, "a whole number in [0, 65535]");

    internal static Command Create(CommandContext context)
    {
        Command command = new(
            "watch",
            "Show a run record in the browser, while another process writes it or afterwards, or the points of a sweep. "
            + "Prints the address of the page, and serves it until Ctrl-C.")
        {
            FolderArgument,
            PortOption,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed, context.Clock, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, TimeProvider clock, CancellationToken cancellationToken)
    {
        string folder = parsed.GetRequiredValue(FolderArgument);
        PageHistory history = new();
        await using WatchedFolder watched = WatchedFolder.Open(folder, history, clock);
        await using LivePageHost page =
            await LivePageHost.StartAsync(history, parsed.GetValue(PortOption), clock, cancellationToken).ConfigureAwait(false);
        TextWriter output = parsed.InvocationConfiguration.Output;
        await output.WriteLineAsync($"Watching {ShownText.OneLine(folder)} at {page.Address}").ConfigureAwait(false);
        await output.FlushAsync(CancellationToken.None).ConfigureAwait(false);
        await Task.Delay(Timeout.InfiniteTimeSpan, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return ExitCode.Success;
    }
}
