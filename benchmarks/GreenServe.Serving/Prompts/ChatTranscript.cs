using System.Text;
using GreenServe.Workloads.Datasets;

namespace GreenServe.Serving.Prompts;

/// <summary>Writes a chat as one text, for servers and endpoints that take no messages.</summary>
internal static class ChatTranscript
{
    /// <summary>The beginning of a conversation as text. A single message of the user is sent as it is.</summary>
    /// <param name="conversation">The conversation.</param>
    /// <param name="messages">Number of messages from its beginning, at least 1.</param>
    internal static string Of(Conversation conversation, int messages)
    {
        if (messages == 1)
        {
            return Encoding.UTF8.GetString(conversation.MessageAt(0).Text.Span);
        }

        StringBuilder text = new();
        for (int index = 0; index < messages; index++)
        {
            ChatMessage message = conversation.MessageAt(index);
            text.Append(SpeakerOf(message.Role)).Append(": ").Append(Encoding.UTF8.GetString(message.Text.Span)).Append("\n\n");
        }

        return text.Append(SpeakerOf(ChatRole.Assistant)).Append(':').ToString();
    }

    private static string SpeakerOf(ChatRole role) => role switch
    {
        ChatRole.System => "System",
        ChatRole.User => "User",
        _ => "Assistant",
    };
}
