using System.CommandLine;
using System.Globalization;
using GreenServe.Cli.Commands.Backends;
using GreenServe.Cli.Commands.Run;
using GreenServe.Engine.CommandLine;
using GreenServe.Records;
using GreenServe.Search.Benches;

namespace GreenServe.Cli.Commands.Bench;

/// <summary>The options that choose the loads of a bench, and the time that it has.</summary>
internal sealed class BenchLoadOptionSet
{
    /// <summary>A day: no bench of a running server is longer.</summary>
    private const double MaxMinutes = 1440;

    private readonly Option<double?> rate = new Option<double?>("--rate")
    {
        Description = $"Measure this one rate in requests per second, above 0 to {ArrivalOptionSet.MaxLoad}. "
            + "Default: the loads are found out.",
        HelpName = "N",
    }.Require(value => value is > 0 and <= ArrivalOptionSet.MaxLoad, $"a number in (0, {ArrivalOptionSet.MaxLoad}]");

    private readonly Option<string?> rates = new("--rates")
    {
        Description = $"Measure these rates in requests per second, above 0 to {ArrivalOptionSet.MaxLoad} each, for example 1,2,4,8. "
            + "Default: the loads are found out.",
        HelpName = "N,N,...",
    };

    private readonly Option<string?> concurrency = new("--concurrency")
    {
        Description = $"Measure these numbers of users, 1 to {ArrivalOptionSet.MaxLoad} each, for example 1,8,32. A user sends its next "
            + "request when its last one has ended. Default: one user, then rates.",
        HelpName = "N,N,...",
    };

    private readonly Option<double> minutes = new Option<double>("--minutes")
    {
        Description = $"Time for all loads together in minutes, above 0 to {MaxMinutes}. It begins when the server is ready. "
            + "The loads that are found out stop when it is over; given loads share it.",
        HelpName = "N",
        DefaultValueFactory = _ => 8,
    }.Require(value => value is > 0 and <= MaxMinutes, $"a number in (0, {MaxMinutes}]");

    internal void AddTo(Command command)
    {
        foreach (Option option in (Option[])[rate, rates, concurrency, minutes])
        {
            command.Add(option);
        }
    }

    /// <summary>Time for all loads together (s).</summary>
    internal double Seconds(ParseResult parsed) => parsed.GetValue(minutes) * 60;

    /// <summary>The loads that the user gave; empty where they are to be found out.</summary>
    /// <exception cref="InvalidInputException">A list is none, or loads are given in two ways.</exception>
    internal IReadOnlyList<OfferedLoad> Loads(ParseResult parsed)
    {
        Option[] given = [.. new Option[] { rate, rates, concurrency }.Where(parsed.IsGiven)];
        List<Problem> problems = [.. given.Skip(1).Select(option => new Problem(option.Name, $"also {given[0].Name}", "one of them"))];
        List<OfferedLoad> loads = [];
        if (parsed.GetValue(rate) is { } one)
        {
            loads.Add(OfferedLoad.OfRate(one));
        }

        loads.AddRange(ListOf(
            parsed, rates, problems, $"rates in (0, {ArrivalOptionSet.MaxLoad}] with commas between them", OfferedLoad.OfRate));
        loads.AddRange(ListOf(
            parsed,
            concurrency,
            problems,
            $"whole numbers in [1, {ArrivalOptionSet.MaxLoad}] with commas between them",
            number => number == Math.Floor(number) ? OfferedLoad.OfUsers((int)number) : null));
        if (problems.Count == 0 && loads.GroupBy(load => load).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            problems.Add(new Problem(given[0].Name, $"{twice.Key} twice", "each load once"));
        }

        return problems.Count == 0 ? loads : throw new InvalidInputException(problems);
    }

    private static IEnumerable<OfferedLoad> ListOf(
        ParseResult parsed, Option<string?> option, List<Problem> problems, string allowed, Func<double, OfferedLoad?> loadOf)
    {
        foreach (string text in parsed.GetValue(option)?.Split(',', StringSplitOptions.TrimEntries) ?? [])
        {
            if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
                && number is > 0 and <= ArrivalOptionSet.MaxLoad && loadOf(number) is { } load)
            {
                yield return load;
            }
            else
            {
                problems.Add(new Problem(option.Name, $"'{text}'", allowed));
            }
        }
    }

    private static IEnumerable<OfferedLoad> ListOf(
        ParseResult parsed, Option<string?> option, List<Problem> problems, string allowed, Func<double, OfferedLoad> loadOf) =>
        ListOf(parsed, option, problems, allowed, number => (OfferedLoad?)loadOf(number));
}
