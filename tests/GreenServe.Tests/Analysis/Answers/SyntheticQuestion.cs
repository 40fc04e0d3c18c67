using GreenServe.Analysis.Answers;
using GreenServe.Analysis.Grids;
using GreenServe.Analysis.Tables;

namespace GreenServe.Tests.Analysis.Answers;

/// <summary>The table of a grid whose numbers are written down in a test: one row a setting, three repetitions each.</summary>
/// <param name="axes">The axes of the grid.</param>
internal sealed class SyntheticQuestion(params GridAxis[] axes)
{
    private readonly List<Dictionary<string, object?>> rows = [];

    /// <summary>Name of the table.</summary>
    internal string Name { get; init; } = "test-grid";

    /// <summary>What the column <c>axes</c> says; <c>null</c> for a table that states no roles.</summary>
    internal string? Axes { get; init; }

    /// <summary>An axis that the suite does not know, with names in place of numbers.</summary>
    internal static GridAxis Named(string name) => new(name) { Scale = GreenServe.Analysis.Figures.AxisScale.Category };

    /// <summary>Adds a setting.</summary>
    /// <param name="places">Its place on each axis.</param>
    /// <param name="joules">Energy of an output token (J); <c>null</c> for none.</param>
    /// <param name="half">Half the interval between runs (J); <c>null</c> for one run.</param>
    /// <param name="more">Further cells, and cells that replace those of every row.</param>
    internal SyntheticQuestion With(object?[] places, double? joules, double? half = 0.01, params (string Column, object? Cell)[] more)
    {
        Dictionary<string, object?> row = new()
        {
            ["evidence"] = "simulated",
            ["system"] = "8 x H100",
            ["engine"] = "test-engine",
            ["model"] = "test-model",
            ["precision"] = "bf16",
            ["workload"] = "chat",
            ["axes"] = Axes,
            ["gpus_used"] = 8.0,
            ["repetitions"] = half is null ? 1.0 : 3.0,
            ["requests_measured"] = 3000.0,
            ["joules_per_output_token"] = joules,
            ["joules_per_output_token_low"] = joules - half,
            ["joules_per_output_token_high"] = joules + half,
        };
        foreach ((GridAxis axis, object? place) in axes.Zip(places))
        {
            row[axis.Name] = place is int number ? (double)number : place;
        }

        foreach ((string column, object? cell) in more)
        {
            row[column] = cell is int number ? (double)number : cell;
        }

        rows.Add(row);
        return this;
    }

    /// <summary>The table.</summary>
    internal ResultTable Table()
    {
        IReadOnlyList<Column> columns = GridTable.Empty(Name, axes).Columns;
        HashSet<string> names = [.. columns.Select(column => column.Name)];
        Assert.All(rows.SelectMany(row => row.Keys), column => Assert.Contains(column, names));
        return new ResultTable(Name, columns, rows.Select(row => columns.Select(column => row.GetValueOrDefault(column.Name)).ToArray()));
    }

    /// <summary>The only answer of the table.</summary>
    internal Answer Answer() => Assert.Single(Answers());

    /// <summary>The answers of the table.</summary>
    internal IReadOnlyList<Answer> Answers() => GreenServe.Analysis.Answers.Answer.AllOf([Table()]);
}
