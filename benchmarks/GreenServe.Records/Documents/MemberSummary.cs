using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace GreenServe.Records.Documents;

/// <summary>
/// Reads the summary of a type or a property from the XML documentation file that the compiler writes beside the assembly. So one
/// text describes a member to users of the library and to authors of YAML files.
/// </summary>
/// <remarks>The text is changed to suit a document: <c>null</c> becomes "absent", and a property is named by its key.</remarks>
internal static partial class MemberSummary
{
    private static readonly ConcurrentDictionary<Assembly, IReadOnlyDictionary<string, XElement>> Files = new();

    /// <summary>
    /// The summary of a member as plain text on one line; <c>null</c> where the member has no summary or its assembly has no
    /// documentation file.
    /// </summary>
    internal static string? Of(MemberInfo member) => member switch
    {
        Type type => Text(Entry(type, $"T:{NameOf(type)}")?.Element("summary")),
        PropertyInfo { DeclaringType: { } owner } property =>
            Text(Entry(owner, $"P:{NameOf(owner)}.{property.Name}")?.Element("summary")) ?? OfParameter(owner, property.Name),
        _ => null,
    };

    /// <summary>The summary of a property that a record's primary constructor declares: the text of its <c>param</c> tag.</summary>
    private static string? OfParameter(Type owner, string name) =>
        Text(Entry(owner, $"T:{NameOf(owner)}")?.Elements("param").FirstOrDefault(param => param.Attribute("name")?.Value == name));

    private static XElement? Entry(Type type, string id) => Files.GetOrAdd(type.Assembly, Read).GetValueOrDefault(id);

    private static IReadOnlyDictionary<string, XElement> Read(Assembly assembly)
    {
        string path = Path.ChangeExtension(assembly.Location, ".xml");
        return File.Exists(path)
            ? XDocument.Load(path).Descendants("member").ToDictionary(member => member.Attribute("name")!.Value)
            : new Dictionary<string, XElement>();
    }

    private static string NameOf(Type type) =>
        (type.IsGenericType ? type.GetGenericTypeDefinition() : type).FullName!.Replace('+', '.');

    private static string? Text(XElement? element) =>
        element is null ? null : Spaces().Replace(string.Concat(element.Nodes().Select(Text)), " ").Trim();

    private static string Text(XNode node) => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "c", Value: "null" } => "absent",
        XElement element when element.Attribute("langword")?.Value is { } word => word == "null" ? "absent" : word,
        XElement element when element.Attribute("cref")?.Value is { } reference => KeyOf(reference),
        XElement element when element.Attribute("name")?.Value is { } name => name,
        XElement element => string.Concat(element.Nodes().Select(Text)),
        _ => "",
    };

    private static string KeyOf(string reference)
    {
        string name = reference[(reference.LastIndexOf('.') + 1)..];
        return reference.StartsWith("P:", StringComparison.Ordinal) ? JsonNamingPolicy.SnakeCaseLower.ConvertName(name) : name;
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
