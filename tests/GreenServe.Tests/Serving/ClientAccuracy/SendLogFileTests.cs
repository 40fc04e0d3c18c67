using GreenServe.Engine.Http;
using GreenServe.Records;
using GreenServe.Serving.ClientAccuracy;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Serving.ClientAccuracy;

public sealed class SendLogFileTests
{
    [Fact]
    public void Read_FindsEveryRequest_WhateverItIsCalled()
    {
        using TemporaryFolder folder = new();
        SendLog log = new();
        log.Add("plain", -1, 0, 5);
        log.Add("with \"quotes\", commas", 0, 3, 7);
        log.Write(folder.PathOf("log.csv"));

        IReadOnlyDictionary<string, IReadOnlyList<SentToken>> sent = SendLogFile.Read(folder.PathOf("log.csv"));

        Assert.Equal([new SentToken(TokenIndex: null, 0, 5)], sent["plain"]);
        Assert.Equal([new SentToken(0, 3, 7)], sent["with \"quotes\", commas"]);
    }

    [Fact]
    public void Read_NamesTheLine_ThatIsBroken()
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("log.csv", SendLog.Header + "\n\"a\",0,1,5\n\"a\",x,1,5\n");

        InvalidInputException exception = Assert.Throws<InvalidInputException>(() => SendLogFile.Read(path));

        Assert.Equal(3, Assert.Single(exception.Problems).Line);
    }
}
