using System.CommandLine;
using GreenServe.Analysis.Advising;
using GreenServe.Cli.Commands.Backends;
using GreenServe.Cli.Commands.Run;
using GreenServe.Cli.Live;
using GreenServe.Records;
using GreenServe.Records.Systems;
using GreenServe.Running;
using GreenServe.Running.Live;
using GreenServe.Search.Advising;

namespace GreenServe.Cli.Commands.Advise;

/// <summary>
/// <c>greenserve advise</c>: the setting that meets the SLO for the fewest joules, how sure that is, and the commands that set it.
/// </summary>
internal static class AdviseCommand
{
    private static readonly Option<string?> OutOption = new("--out")
    {
        Description = "Folder for the advice (advice.json), its page (advice.html), its tables and figures, and the experiment that "
            + "measures the finalists. It must be new or empty. Default: runs/ and the time in UTC, as runs/yyyyMMdd-HHmmss.",
        HelpName = "DIR",
    };

    private static readonly Option<string?> JsonOption = new("--json")
    {
        Description = "JSON file for the advice, the same as advice.json in the folder. The file is replaced. Default: no further file.",
        HelpName = "FILE",
    };

    internal static Command Create(CommandContext context)
    {
        Command command = new(
            "advise",
            "Find the setting that meets the SLO for the fewest joules: GPUs, parallelism, replicas, clock, power cap, batch, chunk and "
            + "precision. It is searched on the simulator, and --verify measures the finalists on a real server. "
            + "Exit code 1 if nothing meets the SLO, or if the advice did not stand.");
        AdviseOptionSet advice = new();
        advice.AddTo(command);
        command.Add(OutOption);
        command.Add(JsonOption);
        BackendOptionSet backends = BackendOptionSet.OfVerification(command);
        AdviseOptions options = new(advice, new VerifyOptionSet(context, backends), new LiveOptionSet(context));
        options.Verify.AddTo(command);
        options.Live.AddTo(command);
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed, options, context, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        ParseResult parsed, AdviseOptions options, CommandContext context, CancellationToken cancellationToken)
    {
        ResultOptionSet.Require(parsed, JsonOption);
        AdviceRequest request = options.Advice.Request(parsed);
        AskedVerification? verification = options.Verify.Asked(parsed, request);
        Advisor advisor = Advisor.For(request, context.Clock);
        string folder = parsed.GetValue(OutOption) ?? RunCommand.DefaultFolder(context.Clock);
        using IDisposable hold = context.Lifetime.Hold();
        try
        {
            using IDisposable claim = OutputFolder.Claim(folder, mustBeEmpty: true);
            PointRunnerOptions shown = verification?.Runner ?? new PointRunnerOptions { Backend = BackendKind.Simulated };
            AdviceDocument document = await options.Live
                .ShowAsync(parsed, $"advise {request.Workload.Name}", shown, AdviseAsync, cancellationToken).ConfigureAwait(false);
            AdviceFiles.Write(document, folder, request.Workload.Folder, parsed.GetValue(JsonOption));
            TextWriter output = parsed.InvocationConfiguration.Output;
            AdviseText.Write(document, output);
            output.WriteLine($"report    {Path.Combine(folder, AdviceFiles.PageName)}");
            return cancellationToken.IsCancellationRequested ? ExitCode.Cancelled : ExitCodeOf(document);

            async Task<AdviceDocument> AdviseAsync(ShownRun run)
            {
                run.Live.Enter(LivePhase.Simulating);
                AdviceDocument found = await Task
                    .Run(() => advisor.Advise(new LiveSearchProgress(run.Live, request), cancellationToken), CancellationToken.None)
                    .ConfigureAwait(false);
                if (verification is null || found.Finalists.Count == 0 || cancellationToken.IsCancellationRequested)
                {
                    return found;
                }

                // What was simulated is kept, whatever becomes of the server.
                AdviceFiles.Write(found, folder, request.Workload.Folder, json: null);
                return await verification.VerifyAsync(found, run.Options, folder, run.Lines, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            OutputFolder.RemoveIfEmpty(folder);
        }
    }

    private static int ExitCodeOf(AdviceDocument document) =>
        document.Finalists.Count == 0 || document.Verification?.Stood == false ? ExitCode.Failed : ExitCode.Success;

    private sealed record AdviseOptions(
        AdviseOptionSet Advice, VerifyOptionSet Verify, LiveOptionSet Live);
}
