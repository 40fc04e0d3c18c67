using System.CommandLine;
using GreenServe.Analysis.Queries;
using GreenServe.Engine.CommandLine;
using GreenServe.Records;
using GreenServe.Records.Tables;

namespace GreenServe.Cli.Commands.Records;

/// <summary><c>greenserve query</c>: SQL over run records, for what no figure shows.</summary>
internal static class QueryCommand
{
    /// <summary>Number of rows in a table unless the user says otherwise. More would scroll out of sight.</summary>
    private const int DefaultTableRows = 100;

    /// <summary>Maximum number of rows in a table. All of them are laid out before the first is written.</summary>
    private const int MaxTableRows = 10_000;

    private const int MaxRows = 10_000_000;

    private static readonly Argument<string> QueryArgument = new("SELECT")
    {
        Description = "One SELECT in DuckDB's dialect over the tables runs, requests, tokens, token_gaps, client_lags, power, device, "
            + "steps, server, actions and cluster. Each table has a column run. 'DESCRIBE requests' shows a table's columns.",
    };

    private static readonly Argument<string[]> RecordsArgument = new("RECORDS")
    {
        Description = "Folders with run records, or folders above them.",
        Arity = ArgumentArity.OneOrMore,
    };

    private static readonly Option<string> FormatOption = new("--format")
    {
        Description = "How the answer is written. table: for people, with rounded numbers. csv and json: for programs, with all digits.",
        HelpName = "table|csv|json",
        DefaultValueFactory = _ => "table",
    };

    private static readonly Option<int?> RowsOption = new Option<int?>("--rows")
    {
        Description = $"Maximum number of rows, 1 to {MaxRows}, in a table to {MaxTableRows}. "
            + $"Default: {DefaultTableRows} in a table, all in csv and json.",
        HelpName = "N",
    }.Require(value => value is >= 1 and <= 10_000_000, "a whole number in [1, 10000000]");

    private static readonly Option<int> LimitOption = new Option<int>("--limit-seconds")
    {
        Description = "Longest time that the query may take, in seconds, 1 to 3600.",
        HelpName = "SECONDS",
        DefaultValueFactory = _ => 60,
    }.Require(value => value is >= 1 and <= 3600, "a whole number in [1, 3600]");

    private static readonly Option<string?> OutOption = new("--out")
    {
        Description = "File for the answer. A file of this name is replaced once the answer is complete. Default: the terminal.",
        HelpName = "FILE",
    };

    internal static Command Create()
    {
        Command command = new(
            "query",
            "Ask run records in SQL what no figure shows. The query can read the records given, and nothing else.")
        {
            QueryArgument, RecordsArgument, FormatOption, RowsOption, LimitOption, OutOption,
        };
        FormatOption.AcceptOnlyFromAmong("table", "csv", "json");
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        string query = parsed.GetRequiredValue(QueryArgument);
        QueryFormat format = Enum.Parse<QueryFormat>(parsed.GetRequiredValue(FormatOption), ignoreCase: true);
        int? rows = parsed.GetValue(RowsOption) ?? (format == QueryFormat.Table ? DefaultTableRows : null);
        if (format == QueryFormat.Table && rows > MaxTableRows)
        {
            throw new InvalidInputException(new Problem(RowsOption.Name, rows, $"a number from 1 to {MaxTableRows} in a table"));
        }

        try
        {
            using RecordDatabase database = RecordDatabase.Open(
                parsed.GetRequiredValue(RecordsArgument), query, TimeSpan.FromSeconds(parsed.GetValue(LimitOption)));
            if (parsed.GetValue(OutOption) is { } path)
            {
                RunFiles.RequireOutsideOfRecord(path);
                OutputFile.Replace(path, stream =>
                {
                    using StreamWriter writer = new(stream, leaveOpen: true);
                    database.Query(query, rows + 1, found => QueryText.Write(writer, found, format, rows));
                });
            }
            else
            {
                database.Query(query, rows + 1, found => QueryText.Write(parsed.InvocationConfiguration.Output, found, format, rows));
            }

            return UnreadableText.Write(parsed, database.Problems, ExitCode.Success);
        }
        catch (QueryException exception)
        {
            throw new InvalidInputException(new Problem(
                "query", exception.Message, "one SELECT over runs, requests, power, steps and the other tables"));
        }
    }
}
