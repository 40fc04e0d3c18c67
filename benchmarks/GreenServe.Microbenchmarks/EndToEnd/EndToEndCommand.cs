using System.CommandLine;
using GreenServe.Records;

namespace GreenServe.Microbenchmarks.EndToEnd;

/// <summary>
/// The command line of the end-to-end benchmark: it measures each command of the suite as a user runs it, and writes the page
/// <c>docs/reference/performance.md</c> and the numbers beside it.
/// </summary>
internal static class EndToEndCommand
{
    /// <summary>The first word of its command line.</summary>
    internal const string Name = "end-to-end";

    private static readonly Option<int> RequestsOption = Whole(
        "--requests", 1_000, 20_000_000, 1_000_000, "Requests of the workload, 1000 to 20000000. The goals speak of 1000000.");

    private static readonly Option<int?> LargestOption = new("--largest")
    {
        Description = "Requests of a larger workload that shows the growth, up to 20000000, for example 10000000. Default: none.",
        HelpName = "N",
    };

    private static readonly Option<int> RepetitionsOption = Whole(
        "--repetitions", 1, 100, 3, "Times that each command is run, 1 to 100. Medians are kept. Larger workloads are run once.");

    private static readonly Option<int> LimitOption = Whole(
        "--limit-seconds", 1, 86_400, 1_800, "Longest time that a command may take, in seconds, 1 to 86400.");

    private static readonly Option<string?> ProgramOption = new("--program")
    {
        Description = "The program greenserve to be measured. Default: the one of this build.",
        HelpName = "FILE",
    };

    private static readonly Option<string> LabelOption = new("--label")
    {
        Description = "Name of the measured version in the tables. A measurement of the same name is replaced.",
        HelpName = "TEXT",
        DefaultValueFactory = _ => "now",
    };

    private static readonly Option<bool> PageOnlyOption = new("--page-only")
    {
        Description = "Write the page from the numbers that are there, and measure nothing.",
    };

    /// <summary>Runs the benchmark.</summary>
    /// <returns>An <see cref="ExitCode"/>.</returns>
    internal static async Task<int> RunAsync(IReadOnlyList<string> arguments, TextWriter output, TextWriter error)
    {
        Command command = new(Name, "Measure time, memory and files of each command, and write docs/reference/performance.md.")
        {
            RequestsOption, LargestOption, RepetitionsOption, LimitOption, ProgramOption, LabelOption, PageOnlyOption,
        };
        command.SetAction((parsed, stop) => MeasureAsync(parsed, output, stop));
        RootCommand root = new("Benchmarks of the suite itself. Other arguments go to BenchmarkDotNet.") { command };
        try
        {
            InvocationConfiguration configuration = new() { Output = output, Error = error, EnableDefaultExceptionHandler = false };
            int result = await root.Parse(arguments).InvokeAsync(configuration).ConfigureAwait(false);
            return result == 0 ? ExitCode.Success : ExitCode.BadInput;
        }
        catch (InvalidInputException exception)
        {
            await error.WriteLineAsync(exception.Message).ConfigureAwait(false);
            return ExitCode.BadInput;
        }
        catch (UnavailableException exception)
        {
            await error.WriteLineAsync(exception.Message).ConfigureAwait(false);
            return ExitCode.Unavailable;
        }
    }

    private static async Task<int> MeasureAsync(ParseResult parsed, TextWriter output, CancellationToken stop)
    {
        string root = RepositoryRoot();
        string reference = Path.Combine(root, "docs", "reference");
        string data = Path.Combine(reference, "performance.json");
        string page = Path.Combine(reference, "performance.md");
        PerformanceFile file = PerformanceFile.Read(data);
        if (!parsed.GetValue(PageOnlyOption))
        {
            EndToEndBenchmark benchmark = new(TimeProvider.System, output)
            {
                Root = root,
                Program = parsed.GetValue(ProgramOption) ?? ProgramOf(root),
                Label = parsed.GetValue(LabelOption)!,
                Requests = parsed.GetValue(RequestsOption),
                LargestRequests = parsed.GetValue(LargestOption),
                Repetitions = parsed.GetValue(RepetitionsOption),
                Limit = TimeSpan.FromSeconds(parsed.GetValue(LimitOption)),
            };
            PerformanceMeasurement measured = await benchmark.MeasureAsync(stop).ConfigureAwait(false);

            // Another version may have been measured in the meantime.
            file = PerformanceFile.Read(data).With(measured);
            file.Write(data);
        }

        OutputFile.Replace(page, PerformancePage.Fill(await File.ReadAllTextAsync(page, stop).ConfigureAwait(false), file));
        await output.WriteLineAsync(page).ConfigureAwait(false);
        return ExitCode.Success;
    }

    private static string ProgramOf(string root) => Path.Combine(
        root, ".build", "bin", "GreenServe.Cli", "release", OperatingSystem.IsWindows() ? "greenserve.exe" : "greenserve");

    private static string RepositoryRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Benchmarks.sln")))
            {
                return folder.FullName;
            }
        }

        throw new UnavailableException($"{AppContext.BaseDirectory}: lies in no copy of the repository");
    }

    private static Option<int> Whole(string name, int least, int most, int usual, string description)
    {
        Option<int> option = new(name) { Description = description, HelpName = "N", DefaultValueFactory = _ => usual };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, out int value) && (value < least || value > most))
            {
                result.AddError($"{name}: got {value}, want a whole number in [{least}, {most}]");
            }
        });
        return option;
    }
}
