using GreenServe.Serving.Prompts;
using GreenServe.Workloads.Datasets;

namespace GreenServe.Tests.Serving.Prompts;

public sealed class ChatTranscriptTests
{
    [Fact]
    public void Of_NamesWhoSpeaks_WhenThereAreSeveralMessages()
    {
        ConversationBuilder builder = new(name: null, line: 1);
        builder.AddTurn("How?");
        builder.Add(ChatRole.Assistant, "Thus.");
        builder.AddTurn("Why?");
        Conversation conversation = builder.Build()!;

        Assert.Equal("How?", ChatTranscript.Of(conversation, 1));
        Assert.Equal("User: How?\n\nAssistant: Thus.\n\nUser: Why?\n\nAssistant:", ChatTranscript.Of(conversation, 3));
    }
}
