using System.CommandLine;
using System.Text.RegularExpressions;
using GreenServe.Cli;
using GreenServe.Cli.Commands;
using GreenServe.Records;

namespace GreenServe.Tests.Cli.Commands;

/// <summary>Every number on the command line has a range. A number outside it is refused before anything happens.</summary>
public sealed partial class NumericOptionTests
{
    /// <summary>The commands that check their numbers together with their meters, after parsing.</summary>
    private const string Meters = "meters";

    public static TheoryData<string, string> NumericOptions
    {
        get
        {
            TheoryData<string, string> data = [];
            foreach ((string path, Option option) in Options(CommandLineApplication.CreateRoot(new CommandContext()), ""))
            {
                data.Add(path, option.Name);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(NumericOptions))]
    public void Parse_RefusesTheValue_WhenItIsOutsideTheRange(string path, string name)
    {
        Option option = Options(CommandLineApplication.CreateRoot(new CommandContext()), "")
            .Single(item => item.Path == path && item.Option.Name == name).Option;
        bool isWhole = Number(option) != typeof(double);

        // No option takes a negative number, a number beyond all ranges, or one that is none.
        string[] values = isWhole
            ? ["-1", "1.5", "99999999999999999999", "many"]
            : ["-1", "NaN", "Infinity", "-Infinity", "1e300", "1e999", "many"];
        Assert.All(
            values,
            value => Assert.Contains($"{name}: got ", ErrorOf(path, name, value), StringComparison.Ordinal));
        Assert.Matches(StatesARange(), option.Description);
    }

    [Theory]
    [InlineData("serve engine --seed -1")]
    [InlineData("serve simulated --fixed-chunk 0")]
    [InlineData("serve simulated --fixed-chunk 4")]
    [InlineData("serve simulated --fault-every 2")]
    [InlineData("serve simulated --fixed-gap 0.01 --gpus 4 --model llama-2-7b")]
    [InlineData("run fixed-closed-loop --request-timeout NaN --out no-such-folder")]
    [InlineData("run fixed-closed-loop --max-in-flight 0 --out no-such-folder")]
    [InlineData("run fixed-closed-loop --backend 2 --out no-such-folder")]
    public async Task RunAsync_ExitsWithBadInput_WhenAnOptionHasNoEffectOrNoMeaning(string line)
    {
        CommandResult result = await CommandRunner.RunAsync(line.Split(' '));

        Assert.Equal((ExitCode.BadInput, ""), (result.ExitCode, result.Output));
        Assert.Matches("^--[a-z-]+: got ", result.Error);
        Assert.False(Directory.Exists("no-such-folder"));
    }

    /// <summary>What the parser says to a value, as one text.</summary>
    private static string ErrorOf(string path, string name, string value)
    {
        ParseResult parsed = CommandLineApplication.CreateRoot(new CommandContext())
            .Parse([.. path.Split(' ', StringSplitOptions.RemoveEmptyEntries), $"{name}={value}"]);
        return string.Join('\n', GreenServe.Engine.CommandLine.ParseMessages.Of(parsed));
    }

    private static IEnumerable<(string Path, Option Option)> Options(Command command, string path) => command.Options
        .Where(option => Number(option) is not null)
        .Select(option => (path, option))
        .Concat(command.Subcommands
            .Where(below => below.Name != Meters).SelectMany(below => Options(below, $"{path} {below.Name}".Trim())));

    /// <summary>The type of an option's numbers; <c>null</c> if it takes none.</summary>
    private static Type? Number(Option option)
    {
        Type type = option.ValueType.IsArray ? option.ValueType.GetElementType()! : option.ValueType;
        Type bare = Nullable.GetUnderlyingType(type) ?? type;
        return bare == typeof(double) || bare == typeof(int) || bare == typeof(long) || bare == typeof(ulong) ? bare : null;
    }

    /// <summary>A description that says from where to where, for example <c>0 to 3600</c>, <c>at least --max-batch</c>.</summary>
    [GeneratedRegex(@"\d(\.\d+)? to |above 0 to|--from to |at least ")]
    private static partial Regex StatesARange();
}
