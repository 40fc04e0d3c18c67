using System.Collections.Concurrent;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace GreenServe.Records.Documents;

/// <summary>Compares a document with the contract of a type and reports everything that does not fit.</summary>
internal sealed class DocumentValidator
{
    private static readonly ConcurrentDictionary<ICustomAttributeProvider, RangeAttribute[]> Ranges = new();

    private readonly DocumentTree tree;
    private readonly List<Problem> problems;
    private readonly bool acceptsComputed;

    private DocumentValidator(DocumentTree tree, List<Problem> problems, bool acceptsComputed)
    {
        this.tree = tree;
        this.problems = problems;
        this.acceptsComputed = acceptsComputed;
    }

    /// <summary>Adds every problem of a document to a list.</summary>
    /// <param name="type">The type that the document is to be bound to.</param>
    /// <param name="tree">The document.</param>
    /// <param name="problems">Receives the problems.</param>
    /// <param name="acceptsComputed">
    /// Whether computed properties may be given, as in a document that a program wrote. Their values are ignored.
    /// </param>
    internal static void Validate(JsonTypeInfo type, DocumentTree tree, List<Problem> problems, bool acceptsComputed = false) =>
        new DocumentValidator(tree, problems, acceptsComputed).Visit(tree.Root, type, DocumentPath.Root, ranges: []);

    private void Visit(JsonNode? node, JsonTypeInfo type, string path, IReadOnlyList<RangeAttribute> ranges)
    {
        switch (type.Kind)
        {
            case JsonTypeInfoKind.Object when node is JsonObject mapping:
                VisitObject(mapping, type, path);
                break;
            case JsonTypeInfoKind.Object:
                Report(path, node, "a mapping (key: value)");
                break;
            case JsonTypeInfoKind.Enumerable when node is JsonArray list:
                JsonTypeInfo element = DocumentContract.Options.GetTypeInfo(type.ElementType!);
                for (int index = 0; index < list.Count; index++)
                {
                    Visit(list[index], element, DocumentPath.Item(path, index), ranges);
                }

                break;
            case JsonTypeInfoKind.Enumerable:
                Report(path, node, "a list");
                break;
            case JsonTypeInfoKind.Dictionary when node is JsonObject entries:
                JsonTypeInfo entryType = DocumentContract.Options.GetTypeInfo(type.ElementType!);
                foreach ((string key, JsonNode? value) in entries)
                {
                    Visit(value, entryType, DocumentPath.Child(path, key), ranges);
                }

                break;
            case JsonTypeInfoKind.Dictionary:
                Report(path, node, "a mapping (key: value)");
                break;
            case JsonTypeInfoKind.None when typeof(JsonNode).IsAssignableFrom(type.Type):
                VisitFree(node, path);
                break;
            default:
                ScalarRule rule = ScalarRule.For(type.Type, ranges);
                if (!rule.Accepts(node))
                {
                    Report(path, node, rule.Allowed);
                }

                break;
        }
    }

    /// <summary>Checks a free-form value. It may be anything that JSON can carry, so NaN and infinity are refused.</summary>
    private void VisitFree(JsonNode? node, string path)
    {
        switch (node)
        {
            case JsonObject mapping:
                foreach ((string key, JsonNode? value) in mapping)
                {
                    VisitFree(value, DocumentPath.Child(path, key));
                }

                break;
            case JsonArray list:
                for (int index = 0; index < list.Count; index++)
                {
                    VisitFree(list[index], DocumentPath.Item(path, index));
                }

                break;
            case JsonValue value when value.TryGetValue(out double real) && !double.IsFinite(real):
                Report(path, node, "a finite number, text, true, false or nothing");
                break;
        }
    }

    private void VisitObject(JsonObject mapping, JsonTypeInfo declared, string path)
    {
        if (!TryResolve(mapping, declared, path, out JsonTypeInfo type, out string? discriminator))
        {
            return;
        }

        // A computed or ignored property cannot be set, so its name in a file is a mistake like any unknown key.
        HashSet<string> known = [.. type.Properties
            .Where(property => CanBeGiven(property) || (acceptsComputed && property.Get is not null))
            .Select(property => property.Name)];
        foreach ((string name, _) in mapping)
        {
            if (!known.Contains(name) && name != discriminator)
            {
                string allowed = $"one of the keys {string.Join(", ", known.Prepend(discriminator).OfType<string>())}";
                Report(DocumentPath.Child(path, name), "unknown key", allowed);
            }
        }

        foreach (JsonPropertyInfo property in type.Properties.Where(CanBeGiven))
        {
            VisitProperty(mapping, property, path);
        }
    }

    /// <summary>Whether a document may name a property: it is neither computed nor ignored.</summary>
    internal static bool CanBeGiven(JsonPropertyInfo property) => property.Set is not null || property.AssociatedParameter is not null;

    private void VisitProperty(JsonObject mapping, JsonPropertyInfo property, string path)
    {
        // The contract of a type costs more than a small document does, so only what the document has is looked up.
        bool isGiven = mapping.TryGetPropertyValue(property.Name, out JsonNode? value);
        if (!isGiven && !property.IsRequired)
        {
            return;
        }

        string childPath = DocumentPath.Child(path, property.Name);
        JsonTypeInfo type = DocumentContract.Options.GetTypeInfo(property.PropertyType);
        RangeAttribute[] ranges = RangesOf(property);
        if (!isGiven)
        {
            DocumentOrigin origin = tree.OriginOf(path);
            problems.Add(new Problem(childPath, null, Expectation(type, ranges), origin.File, origin.Line));
            return;
        }

        if (property.CustomConverter is IScalarConverter converter)
        {
            if (!converter.Accepts(value))
            {
                Report(childPath, value, converter.Allowed);
            }

            return;
        }

        if (value is null && property.IsSetNullable)
        {
            return;
        }

        if (value is null && typeof(JsonNode).IsAssignableFrom(type.Type))
        {
            Report(childPath, value, Expectation(type, ranges));
            return;
        }

        Visit(value, type, childPath, ranges);
    }

    // Reflection is slow, and a sweep validates hundreds of points; so the ranges of a property are looked up once.
    private static RangeAttribute[] RangesOf(JsonPropertyInfo property) => property.AttributeProvider is not { } attributes
        ? []
        : Ranges.GetOrAdd(
            attributes, provider => [.. provider.GetCustomAttributes(typeof(RangeAttribute), inherit: true).Cast<RangeAttribute>()]);

    /// <summary>Finds the concrete type of a mapping from its discriminator (for example <c>kind: poisson</c>).</summary>
    private bool TryResolve(JsonObject mapping, JsonTypeInfo declared, string path, out JsonTypeInfo type, out string? discriminator)
    {
        type = declared;
        discriminator = declared.PolymorphismOptions?.TypeDiscriminatorPropertyName;
        if (declared.PolymorphismOptions is not { } options || discriminator is null)
        {
            return true;
        }

        JsonNode? given = mapping[discriminator];
        string? name = given?.GetValueKind() == JsonValueKind.String ? given.GetValue<string>() : null;
        foreach (JsonDerivedType derived in options.DerivedTypes)
        {
            if (derived.TypeDiscriminator is string candidate && candidate == name)
            {
                type = DocumentContract.Options.GetTypeInfo(derived.DerivedType);
                return true;
            }
        }

        IEnumerable<object?> names = options.DerivedTypes.Select(derived => derived.TypeDiscriminator);
        Report(DocumentPath.Child(path, discriminator), given, $"one of {string.Join(", ", names)}");
        return false;
    }

    private static string Expectation(JsonTypeInfo type, IReadOnlyList<RangeAttribute> ranges) => type.Kind switch
    {
        JsonTypeInfoKind.Object or JsonTypeInfoKind.Dictionary => "a mapping (key: value)",
        JsonTypeInfoKind.Enumerable => "a list",
        _ => ScalarRule.For(type.Type, ranges).Allowed,
    };

    private void Report(string path, object? found, string allowed)
    {
        DocumentOrigin origin = tree.OriginOf(path);
        problems.Add(new Problem(path, Describe(found), allowed, origin.File, origin.Line));
    }

    private static object? Describe(object? found) => found switch
    {
        JsonObject => "a mapping",
        JsonArray list => $"a list of {list.Count}",
        JsonValue value when value.TryGetValue(out double real) && !double.IsFinite(real) => real,
        // 1.0 where a whole number is wanted must not read "got 1".
        JsonValue value when !value.TryGetValue(out long _) && value.TryGetValue(out double real)
            && double.IsInteger(real) && Math.Abs(real) < 1e15 =>
            real.ToString("0.0", CultureInfo.InvariantCulture),
        JsonValue value when value.GetValueKind() == JsonValueKind.String => $"'{value.GetValue<string>()}'",
        JsonValue value => value.ToJsonString(),
        _ => found,
    };
}
