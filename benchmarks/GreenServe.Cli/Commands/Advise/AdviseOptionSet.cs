using System.CommandLine;
using GreenServe.Analysis.Advising;
using GreenServe.Cli.Commands.Backends;
using GreenServe.Cli.Commands.Records;
using GreenServe.Cli.Commands.Run;
using GreenServe.Engine.CommandLine;
using GreenServe.Records;
using GreenServe.Records.Grids;
using GreenServe.Search.Advising;
using GreenServe.Search.Advising.Spaces;
using GreenServe.Simulation.Calibration;
using GreenServe.Simulation.Engines;
using GreenServe.Simulation.Hardware;
using GreenServe.Workloads;
using GreenServe.Workloads.Arrivals;
using GreenServe.Workloads.Models;

namespace GreenServe.Cli.Commands.Advise;

/// <summary>The options that say what an advice is asked for.</summary>
internal sealed class AdviseOptionSet
{
    private readonly Argument<string> input = new("WORKLOAD|TRACE")
    {
        Description = "What is asked: a workload file, a name of the catalog, or a trace (.csv, .jsonl, also .gz) that is replayed as it "
            + $"stands. Catalog: {string.Join(", ", WorkloadCatalog.Names)}.",
    };

    private readonly Option<string[]> gpu = new("--gpu")
    {
        Description = $"Accelerators that may serve, with commas between them: {string.Join(", ", GpuCatalog.Names)}, or files.",
        HelpName = "NAMES",
        DefaultValueFactory = _ => ["H100-80GB-SXM"],
    };

    private readonly Option<int> gpuLimit = new Option<int>("--gpus")
    {
        Description = $"The largest number of accelerators that a setting may use, 1 to {AdviceRequest.MaxGpuLimit}. Those that it does "
            + "not use are taken to be off.",
        HelpName = "N",
        DefaultValueFactory = _ => AdviceRequest.DefaultGpuLimit,
    }.Require(value => value is >= 1 and <= AdviceRequest.MaxGpuLimit, $"a whole number in [1, {AdviceRequest.MaxGpuLimit}]");

    private readonly Option<string[]> model = new("--model")
    {
        Description = "Models that may serve, with commas between them: names of the catalog, or files. Default: the workload's model.",
        HelpName = "NAMES",
        DefaultValueFactory = _ => [],
    };

    private readonly Option<string> engine = new("--engine")
    {
        Description = $"Simulated engine: {string.Join(", ", EngineCatalog.Names)}, or a file.",
        HelpName = "NAME",
        DefaultValueFactory = _ => "vllm-0.11",
    };

    private readonly Option<string?> twin = new("--twin")
    {
        Description = "Twin to simulate with in place of --engine: the profile that greenserve calibrate fitted to one server. The "
            + "accelerator's file beside it (NAME.gpu.yaml) is used too, in place of --gpu. Default: none.",
        HelpName = "PROFILE",
    };

    private readonly Option<string[]> records = new("--records")
    {
        Description = "Folders with records of measured runs. Where a setting was measured, the measured numbers decide. Default: none.",
        HelpName = "DIR",
        DefaultValueFactory = _ => [],
    };

    private readonly Option<string[]> knobs = new("--knobs")
    {
        Description = "Values that knobs may have: NAME=VALUE,VALUE or NAME=LOWEST..HIGHEST/STEP, or NAME alone for its usual values. "
            + "Knobs that are not named have their usual values, or with others=default the default of the device or the engine alone. "
            + "May be repeated. Example: --knobs tensor_parallelism=2,4 gpu_clock_megahertz=1000..1980/60. "
            + "Default: every knob with its usual values.",
        HelpName = "KNOB",
        DefaultValueFactory = _ => [],
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<AdviceObjective> objective = new("--objective")
    {
        Description = "What is to be least. joules: energy of an output token. cost: accelerators and electricity, with --gpu-hour-price. "
            + "carbon: with --grid. power: mean power of the accelerators.",
        DefaultValueFactory = _ => AdviceObjective.Joules,
    };

    private readonly Option<string?> grid = new("--grid")
    {
        Description = GridOptionSet.FileDescription + "Of a signal the mean over time counts. "
            + "Default: no carbon and no cost of electricity, because none can be assumed.",
        HelpName = "FILE",
    };

    private readonly Option<double?> gpuHourPrice = new Option<double?>("--gpu-hour-price")
    {
        Description = $"Price of an accelerator for an hour, above 0 to {GridOptionSet.MaxPrice}. Default: accelerators cost nothing.",
        HelpName = "N",
    }.Require(value => value is > 0 and <= GridOptionSet.MaxPrice, $"a number in (0, {GridOptionSet.MaxPrice}]");

    private readonly Option<string?> currency = new("--currency")
    {
        Description = "Currency of --gpu-hour-price, for example EUR. Default: the currency of --grid.",
        HelpName = "NAME",
    };

    private readonly Option<int> repetitions = new Option<int>("--repetitions")
    {
        Description = "Number of runs of each finalist, 2 to 99. Run r uses the workload's seed + r.",
        HelpName = "N",
        DefaultValueFactory = _ => AdviceRequest.DefaultRepetitions,
    }.Require(value => value is >= 2 and <= 99, "a whole number in [2, 99]");

    private readonly Option<bool> skipsCapacity = new("--no-capacity")
    {
        Description = "Do not work out the fewest GPUs, the load that the fleet takes and what a power budget costs. "
            + "Default: they are worked out, where the workload has an SLO.",
    };

    private readonly LoadOptionSet load = new();
    private readonly ArrivalOptionSet arrivals = new();

    internal void AddTo(Command command)
    {
        command.Add(input);
        Option[] options =
            [gpu, gpuLimit, model, engine, twin, knobs, objective, records, grid, gpuHourPrice, currency, repetitions, skipsCapacity];
        foreach (Option option in options)
        {
            command.Add(option);
        }

        load.AddTo(command);
        arrivals.AddTo(command);
    }

    /// <summary>What is asked for.</summary>
    /// <exception cref="InvalidInputException">Options cannot be read, or contradict each other. All of them are named.</exception>
    internal AdviceRequest Request(ParseResult parsed)
    {
        List<Problem> problems = [.. Contradictions(parsed)];
        Workload? workload = Read(problems, () => WorkloadOf(parsed));
        GridFactors? factors = parsed.GetValue(grid) is { } path
            ? Read(problems, () => GridCourse.Read(path).Mean())
            : null;
        (string profile, string[] gpus) = ServedBy(parsed);
        problems.AddRange(InvalidInputException.ProblemsOf(() => EngineCatalog.Find(profile)));
        problems.AddRange(gpus.SelectMany(name => InvalidInputException.ProblemsOf(() => GpuCatalog.Find(name))).Select(WithTwin));
        string[] models = workload is null ? [] : Names(parsed, model) is { Length: > 0 } named ? named : [workload.Model];
        problems.AddRange(models.SelectMany(name => InvalidInputException.ProblemsOf(() => ModelCatalog.Read(name, workload?.Folder))));
        problems.AddRange(ObjectiveProblems(parsed, factors));
        if (problems.Count > 0)
        {
            // What is found of the knobs when the grid is made would come only after these are mended.
            problems.AddRange(SettingSpaceBuilder.CheckKnobs(parsed.GetRequiredValue(knobs)));
        }

        return problems.Count > 0 ? throw new InvalidInputException(problems) : new AdviceRequest
        {
            Workload = workload! with { Model = models[0] },
            Gpus = gpus,
            Engine = profile,
            Models = models,
            GpuLimit = parsed.GetValue(gpuLimit),
            Knobs = parsed.GetRequiredValue(knobs),
            Objective = parsed.GetValue(objective),
            Grid = factors,
            GpuHourPrice = parsed.GetValue(gpuHourPrice),
            Currency = parsed.GetValue(currency) ?? factors?.Currency,
            RecordFolders = parsed.GetRequiredValue(records),
            Repetitions = parsed.GetValue(repetitions),
            PlansCapacity = !parsed.GetValue(skipsCapacity),
        };
    }

    private Workload WorkloadOf(ParseResult parsed)
    {
        string given = parsed.GetRequiredValue(input);
        Workload workload = !TraceReplay.IsTrace(given)
            ? WorkloadCatalog.Read(given)
            : Names(parsed, model) is [string first, ..]
                ? TraceReplay.Of(given, first)
                : throw new InvalidInputException(new Problem(model.Name, null, "the model that serves the requests of the trace"));
        Workload asked = load.Apply(parsed, arrivals.Apply(parsed, workload));

        // A closed loop needs a number of requests. The search makes the workload as long as the tails need.
        asked = asked is { Arrival: ClosedLoopArrival, Requests: null } ? asked with { Requests = 1 } : asked;
        Problem[] problems = [.. asked.Check()];
        return problems.Length > 0 ? throw new InvalidInputException(problems) : asked;
    }

    /// <summary>The engine's profile and the accelerators. A twin brings its own accelerator where it has a file of one.</summary>
    private (string Engine, string[] Gpus) ServedBy(ParseResult parsed)
    {
        if (parsed.GetValue(twin) is not { } profile)
        {
            return (parsed.GetRequiredValue(engine), Names(parsed, gpu));
        }

        string own = CalibrationFiles.PathsFor(profile)[1];
        return (profile, File.Exists(own) ? [own] : Names(parsed, gpu));
    }

    private IEnumerable<Problem> Contradictions(ParseResult parsed)
    {
        if (parsed.GetValue(twin) is { } profile)
        {
            if (parsed.IsGiven(engine))
            {
                yield return new Problem(engine.Name, $"also {twin.Name}", "one of them");
            }

            if (parsed.IsGiven(gpu) && CalibrationFiles.PathsFor(profile)[1] is { } own && File.Exists(own))
            {
                yield return new Problem(gpu.Name, $"also {twin.Name}, whose accelerator is in {own}", "one of them");
            }
        }

        if (parsed.IsGiven(currency) && parsed.GetValue(gpuHourPrice) is null)
        {
            yield return new Problem(currency.Name, $"it without {gpuHourPrice.Name}", $"{gpuHourPrice.Name} with it");
        }
    }

    private IEnumerable<Problem> ObjectiveProblems(ParseResult parsed, GridFactors? factors)
    {
        AdviceObjective asked = parsed.GetValue(objective);
        bool hasPrice = parsed.GetValue(gpuHourPrice) is not null;
        if (asked == AdviceObjective.Carbon && !parsed.IsGiven(grid))
        {
            yield return new Problem(objective.Name, "carbon", $"{grid.Name} with it: a carbon intensity cannot be assumed");
        }

        if (asked == AdviceObjective.Cost && !hasPrice && factors?.PricePerKilowattHour is null)
        {
            yield return new Problem(
                objective.Name,
                "cost",
                $"{gpuHourPrice.Name} or a price_per_kilowatt_hour in {grid.Name} with it: no price can be assumed");
        }

        if (hasPrice && parsed.GetValue(currency) is null && factors?.Currency is null)
        {
            yield return new Problem(gpuHourPrice.Name, "a price without a currency", $"{currency.Name} with it, for example EUR");
        }

        if (parsed.GetValue(currency) is { } own && factors?.Currency is { } other && own != other)
        {
            yield return new Problem(currency.Name, own, $"{other}, the currency of {grid.Name}: prices are added");
        }
    }

    private static Problem WithTwin(Problem problem) => problem.File is not null ? problem : problem with
    {
        Allowed = $"{problem.Allowed}; for another accelerator a twin: measure runs on it, and greenserve calibrate fits one "
            + "from the profile of the accelerator that is most alike",
    };

    private static string[] Names(ParseResult parsed, Option<string[]> option) =>
    [
        .. parsed.GetRequiredValue(option)
            .SelectMany(names => names.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).Distinct(),
    ];

    private static T? Read<T>(List<Problem> problems, Func<T> read)
        where T : class
    {
        try
        {
            return read();
        }
        catch (InvalidInputException exception)
        {
            problems.AddRange(exception.Problems);
            return null;
        }
    }
}
