using System.CommandLine;
using GreenServe.Cli.Commands.Backends;
using GreenServe.Records.Tables;
using GreenServe.Running;

namespace GreenServe.Cli.Commands.Run;

/// <summary>The options that choose how the tables of run records are written.</summary>
internal sealed class RecordOptionSet
{
    private readonly Option<TableFormat?> tables;

    private readonly Option<StepRows> steps = new("--steps")
    {
        Description = "What a row of the simulated steps is. stretches: consecutive steps that decode the same requests, of which every "
            + "step can be computed. each: one step.",
        DefaultValueFactory = _ => StepRows.Stretches,
    };

    private readonly TableFormat simulatedDefault;

    /// <summary>Prepares the options.</summary>
    /// <param name="simulatedDefault">The form of the tables of simulated runs where the user names none.</param>
    internal RecordOptionSet(TableFormat simulatedDefault)
    {
        this.simulatedDefault = simulatedDefault;
        tables = new Option<TableFormat?>("--tables")
        {
            Description = "Form of the tables in a run record. csv: text. parquet: compressed columns, a tenth of the size. "
                + $"auto: CSV, but Parquet for a table of {RunFiles.LargeTableRows:N0} rows or more. Default: auto"
                + (simulatedDefault == TableFormat.Auto ? "." : ", but parquet for simulated points, of which there are many."),
        };
    }

    private enum StepRows
    {
        Stretches,
        Each,
    }

    internal void AddTo(Command command, OptionUses uses)
    {
        command.Add(tables);
        uses.Add(command, ServerKinds.SimulatedEngine, steps);
    }

    /// <summary>The options of a runner with those that the user chose.</summary>
    internal PointRunnerOptions Apply(ParseResult parsed, PointRunnerOptions options, ServerKinds chosen) => options with
    {
        Tables = parsed.GetValue(tables) ?? (ServerKinds.Simulated.HasFlag(chosen) ? simulatedDefault : TableFormat.Auto),
        KeepsEachStep = parsed.GetValue(steps) == StepRows.Each,
    };
}
