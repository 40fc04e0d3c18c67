using System.CommandLine;
using System.CommandLine.Parsing;
using GreenServe.Analysis.Grids;
using GreenServe.Analysis.Pricing;
using GreenServe.Cli.Commands.Backends;
using GreenServe.Engine.CommandLine;
using GreenServe.Records;
using GreenServe.Records.Grids;

namespace GreenServe.Cli.Commands.Records;

/// <summary>The options that say what energy and accelerators are priced by.</summary>
internal sealed class GridOptionSet
{
    internal const double MaxPrice = 100_000;

    /// <summary>What the file of a grid holds, for the help of every command that takes one.</summary>
    internal const string FileDescription = "YAML file with source, date and either grams_per_kilowatt_hour (and optionally "
        + "price_per_kilowatt_hour) or signal: a CSV file with the columns time (UTC), grams_per_kilowatt_hour and optionally "
        + "price_per_kilowatt_hour. Optional: power_usage_effectiveness, currency, and for a signal start, repeats_every_seconds and "
        + "step_seconds. ";

    private readonly Option<string?> grid = new("--grid")
    {
        Description = FileDescription + "Default: no carbon and no cost of electricity, because none can be assumed.",
        HelpName = "FILE",
    };

    private readonly Option<string?> start = new("--grid-start")
    {
        Description = "Time in UTC at which simulated runs are taken to begin on the signal of --grid, for example 2025-03-01T18:00:00Z. "
            + "Measured runs began when their records say. No default: a simulated run has no time of day.",
        HelpName = "TIME",
    };

    private readonly Option<double?> gpuHourPrice = new Option<double?>("--gpu-hour-price")
    {
        Description = $"Price of an accelerator for an hour, above 0 to {MaxPrice}. Default: accelerators are not in the cost.",
        HelpName = "N",
    }.Require(value => value is > 0 and <= MaxPrice, $"a number in (0, {MaxPrice}]");

    private readonly Option<string?> currency = new("--currency")
    {
        Description = "Currency of --gpu-hour-price, for example EUR. Default: the currency of --grid.",
        HelpName = "NAME",
    };

    private readonly bool hasAccelerators;

    /// <param name="hasAccelerators">Whether the command counts what accelerators cost.</param>
    internal GridOptionSet(bool hasAccelerators) => this.hasAccelerators = hasAccelerators;

    private Option[] Options => hasAccelerators ? [grid, start, gpuHourPrice, currency] : [grid, start];

    internal void AddTo(Command command)
    {
        foreach (Option option in Options)
        {
            command.Add(option);
        }
    }

    /// <summary>Whether any of the options was given.</summary>
    internal bool IsGiven(CommandResult command) => Array.Exists(Options, option => command.GetResult(option) is { Implicit: false });

    /// <summary>What runs are priced by; <c>null</c> where nothing was stated.</summary>
    /// <exception cref="InvalidInputException">Options or files are wrong, or contradict each other. All of them are named.</exception>
    internal PriceList? Read(ParseResult parsed)
    {
        if (!IsGiven(parsed.CommandResult))
        {
            return null;
        }

        List<Problem> problems = [];
        GridCourse? course = null;
        if (parsed.GetValue(grid) is { } path)
        {
            problems.AddRange(InvalidInputException.ProblemsOf(() => course = GridCourse.Read(path)));
        }

        DateTimeOffset? virtualStart = parsed.GetValue(start) is { } text ? UtcTime.Parse(text) : null;
        double? price = hasAccelerators ? parsed.GetValue(gpuHourPrice) : null;
        string? own = hasAccelerators ? parsed.GetValue(currency) : null;
        problems.AddRange(StartProblems(parsed, course, virtualStart));
        if (own is not null && price is null)
        {
            problems.Add(new Problem(currency.Name, $"it without {gpuHourPrice.Name}", $"{gpuHourPrice.Name} with it"));
        }

        if (price is not null && own is null && course?.Currency is null)
        {
            problems.Add(new Problem(gpuHourPrice.Name, "a price without a currency", $"{currency.Name} with it, for example EUR"));
        }

        if (own is not null && course?.Currency is { } other && own != other)
        {
            problems.Add(new Problem(currency.Name, own, $"{other}, the currency of {grid.Name}: prices are added"));
        }

        return problems.Count > 0 ? throw new InvalidInputException(problems) : new PriceList
        {
            Grid = course,
            VirtualStart = virtualStart,
            GpuHourPrice = price,
            Currency = own ?? course?.Currency,
        };
    }

    /// <summary>Refuses a signal over time for runs without a time of day, and a start that no run needs.</summary>
    /// <param name="prices">What the runs are priced by.</param>
    /// <param name="runs">The runs: name of the record's folder, and when it began.</param>
    /// <exception cref="InvalidInputException">A start is missing or not needed.</exception>
    internal void RequireStart(PriceList? prices, IReadOnlyList<(string Folder, DateTimeOffset? StartedAt)> runs)
    {
        if (prices?.Grid is not { IsConstant: false })
        {
            return;
        }

        string[] without = [.. runs.Where(run => run.StartedAt is null).Select(run => run.Folder)];
        if (without.Length > 0 && prices.VirtualStart is null)
        {
            throw new InvalidInputException(new Problem(
                start.Name,
                null,
                $"{UtcTime.Allowed}: {without.Length} of {runs.Count} runs are in virtual time, such as {without[0]}, and {grid.Name} "
                    + "states a signal over time"));
        }

        if (without.Length == 0 && prices.VirtualStart is not null)
        {
            throw new InvalidInputException(new Problem(
                start.Name, "it without a simulated run", "nothing: every run began when its record says"));
        }
    }

    /// <inheritdoc cref="RequireStart(PriceList, IReadOnlyList{ValueTuple{string, DateTimeOffset?}})" />
    internal void RequireStart(PriceList? prices, IReadOnlyList<ExperimentRun> runs) =>
        RequireStart(prices, [.. runs.Select(run => (run.Folder, run.Metrics.Manifest.StartedAt))]);

    private IEnumerable<Problem> StartProblems(ParseResult parsed, GridCourse? course, DateTimeOffset? virtualStart)
    {
        if (parsed.GetValue(start) is { } text && virtualStart is null)
        {
            yield return new Problem(start.Name, text, UtcTime.Allowed);
        }

        if (parsed.IsGiven(start) && !parsed.IsGiven(grid))
        {
            yield return new Problem(start.Name, $"it without {grid.Name}", $"{grid.Name} with it");
        }

        if (parsed.IsGiven(start) && course is { IsConstant: true })
        {
            yield return new Problem(start.Name, $"it with a {grid.Name} that does not change", "a signal over time, or no start");
        }
    }
}
