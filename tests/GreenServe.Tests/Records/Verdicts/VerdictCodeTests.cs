using System.Text;
using System.Text.RegularExpressions;
using GreenServe.Records.Verdicts;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Records.Verdicts;

/// <summary>
/// Each listed code is emitted somewhere, and the compiler sees to it that nothing else is: a <see cref="VerdictReason"/> can be made
/// from a <see cref="VerdictCode"/> alone.
/// </summary>
public sealed partial class VerdictCodeTests
{
    private const string UpdateVariable = "GREENSERVE_UPDATE_VERDICTS";

    public static TheoryData<string> Names => [.. VerdictCode.All.Select(code => code.Text)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Code_IsEmittedByTheSource(string name)
    {
        string property = string.Concat(name.Split('-').Select(word => $"{char.ToUpperInvariant(word[0])}{word[1..]}"));

        Assert.Contains(property, EmittedBySource());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Code_TellsUsersWhatItMeansAndWhatToDo_InSentences(string name)
    {
        VerdictCode code = VerdictCode.Find(name)!;

        Assert.Matches("^[A-Z].+\\.$", code.Meaning);
        Assert.Matches("^[A-Z].+\\.$", code.Remedy);
        Assert.Matches("^[a-z]+(-[a-z]+)*$", code.Text);
    }

    [Fact]
    public void Find_KnowsNoCode_ThatIsNotListed() => Assert.Null(VerdictCode.Find("meters-disagree"));

    [Fact]
    public void Reason_IsMadeFromAListedCode_Alone() =>
        Assert.Equal(
            [typeof(VerdictCode)],
            typeof(VerdictReason).GetConstructors().Select(constructor => constructor.GetParameters()[0].ParameterType));

    [Fact]
    public void Reference_ListsEveryCode()
    {
        StringBuilder text = new(
            """
            # Verdict codes

            A run is VALID, or INVALID with every reason. Each reason in `run.json` has a code and a message with the numbers. This page lists the codes. A record of another
            version may hold others; they are kept as they are.

            """);
        foreach (IGrouping<VerdictSubject, VerdictCode> group in VerdictCode.All.GroupBy(code => code.Subject).OrderBy(group => group.Key))
        {
            text.Append('\n').Append("## ").Append(group.Key).Append("\n\n| Code | What it means | What to do |\n|---|---|---|\n");
            text.AppendJoin("", group.Select(code => $"| `{code.Text}` | {code.Meaning} | {code.Remedy} |\n"));
        }

        GeneratedPage.Verify("verdicts.md", text.ToString(), UpdateVariable);
    }

    private static HashSet<string> EmittedBySource() =>
    [
        .. SourceFiles.Read().SelectMany(text => Emission().Matches(text)).Select(match => match.Groups["code"].Value),
    ];

    [GeneratedRegex(@"Reason\(\s*VerdictCode\.(?<code>\w+)")]
    private static partial Regex Emission();
}
