using System.CommandLine;
using GreenServe.Analysis.Advising;
using GreenServe.Cli.Commands.Backends;
using GreenServe.Cli.Commands.Run;
using GreenServe.Engine.CommandLine;
using GreenServe.Records;
using GreenServe.Records.Systems;
using GreenServe.Running;
using GreenServe.Search.Advising;
using GreenServe.Search.Advising.Verification;
using GreenServe.Workloads.Experiments;

namespace GreenServe.Cli.Commands.Advise;

/// <summary>The options that verify an advice on a real server.</summary>
/// <param name="context">What the process gives to the command.</param>
/// <param name="backends">The options that choose the server.</param>
internal sealed class VerifyOptionSet(CommandContext context, BackendOptionSet backends)
{
    private const int MaxRepetitions = 99;

    private readonly ServerOptionSet server = new(context, backends);

    private readonly Option<int> repetitions = new Option<int>("--verify-repetitions")
    {
        Description = $"Number of measured runs of each finalist, 1 to {MaxRepetitions}. One run tells no spread.",
        HelpName = "N",
        DefaultValueFactory = _ => AdviceVerifier.DefaultRepetitions,
    }.Require(value => value is >= 1 and <= MaxRepetitions, $"a whole number in [1, {MaxRepetitions}]");

    private readonly Option<string?> recalibrate = new("--recalibrate")
    {
        Description = "Name of a twin that is fitted to the measured runs, in the folder of the advice. --twin takes it the next time. "
            + "Default: none.",
        HelpName = "NAME",
    };

    internal void AddTo(Command command)
    {
        backends.Uses.Add(command, ServerKinds.Foreign, repetitions, recalibrate);
        server.AddTo(command);
    }

    /// <summary>What verifies the advice; <c>null</c> where nothing does.</summary>
    /// <exception cref="InvalidInputException">Options cannot be used, or need a server that was not named.</exception>
    internal AskedVerification? Asked(ParseResult parsed, AdviceRequest request)
    {
        ServerKinds chosen = backends.ChooseVerification(parsed);
        if (chosen == ServerKinds.None)
        {
            return null;
        }

        if (parsed.GetValue(recalibrate) is { } name && (Path.GetFileName(name) != name || name is "" or "." or ".."))
        {
            throw new InvalidInputException(new Problem(recalibrate.Name, name, "a name without a folder"));
        }

        OperatingPoint point = OperatingPoint.Of(
            request.Workload, new ServingSystem { Gpu = request.Gpus[0], GpuCount = 1, Engine = request.Engine });
        return new AskedVerification(
            server.Runner(parsed, chosen, [point], model: null), parsed.GetValue(repetitions), parsed.GetValue(recalibrate), request);
    }
}

/// <summary>A verification that the user asked for.</summary>
/// <param name="Runner">What runs the points.</param>
/// <param name="Repetitions">Runs of each finalist.</param>
/// <param name="TwinName">Name of the twin to fit; <c>null</c> for none.</param>
/// <param name="Request">What the advice was asked for.</param>
internal sealed record AskedVerification(PointRunnerOptions Runner, int Repetitions, string? TwinName, AdviceRequest Request)
{
    /// <summary>Name of the folder for the records, in the folder of the advice.</summary>
    private const string FolderName = "verification";

    /// <summary>Measures the finalists, and adds what was found to the advice.</summary>
    /// <param name="advice">The advice.</param>
    /// <param name="shown">The options of the runner while views look at it.</param>
    /// <param name="folder">The folder of the advice.</param>
    /// <param name="lines">Receives a line for each run that has ended.</param>
    /// <param name="cancellationToken">Stops the runs.</param>
    internal async Task<AdviceDocument> VerifyAsync(
        AdviceDocument advice, PointRunnerOptions shown, string folder, TextWriter lines, CancellationToken cancellationToken)
    {
        AdviceVerifier verifier = new(shown)
        {
            Repetitions = Repetitions,
            TwinName = TwinName,
            Prices = Request.Prices,
            WorkloadFolder = Request.Workload.Folder,
            Finished = (point, verdict) => lines.WriteLine($"{point.Id}  {verdict}"),
        };
        return advice with
        {
            Verification = await verifier.RunAsync(advice, Path.Combine(folder, FolderName), cancellationToken).ConfigureAwait(false),
        };
    }
}
