using System.Text.RegularExpressions;
using GreenServe.Engine.Http;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Engine.Http;

public sealed partial class RequestFieldsTests
{
    private static readonly string Page = File.ReadAllText(Repository.PathOf("docs", "reference", "server-requests.md"));

    [Fact]
    public void Page_NamesEveryField()
    {
        EndpointFields[] objects =
        [
            RequestFields.Completions, RequestFields.Chat, RequestFields.StreamOptions, RequestFields.Message, RequestFields.ContentPart,
        ];
        IEnumerable<string> known = objects.SelectMany(fields => fields.Honoured.Concat(fields.Ignored).Concat(fields.Tolerated.Keys));

        IEnumerable<string> named = Code().Matches(Page).Select(match => match.Groups[1].Value);

        Assert.Empty(known.Distinct().Except(named));
    }

    [Fact]
    public void Table_NamesNoFieldThatIsRefused()
    {
        string[] rows = [.. Page.Split('\n').SkipWhile(line => !line.StartsWith("| Fields", StringComparison.Ordinal)).Skip(2)
            .TakeWhile(line => line.StartsWith('|'))];
        IEnumerable<string> named = rows.SelectMany(row => Code().Matches(row)).Select(match => match.Groups[1].Value);
        IEnumerable<string> known = new[] { RequestFields.Completions, RequestFields.Chat }
            .SelectMany(fields => fields.Honoured.Concat(fields.Ignored).Concat(fields.Tolerated.Keys));

        // Besides fields, the table names the values that fields may have.
        Assert.Equal(["auto", "false", "none", "text", "true"], named.Distinct().Except(known).Order());
    }

    [GeneratedRegex("`([a-z][a-z_]*)`")]
    private static partial Regex Code();
}
