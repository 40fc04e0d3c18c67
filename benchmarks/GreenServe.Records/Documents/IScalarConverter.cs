using System.Text.Json.Nodes;

namespace GreenServe.Records.Documents;

/// <summary>A JSON converter that says which values it converts, so that they can be checked before anything is bound.</summary>
internal interface IScalarConverter
{
    /// <summary>Description of the allowed values; in a message it follows the word "want".</summary>
    string Allowed { get; }

    /// <summary>Whether a value is allowed.</summary>
    bool Accepts(JsonNode? value);
}
