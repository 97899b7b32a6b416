using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Microscale.Guard.AspNetCore.Endpoints.OpenAI;

/// <summary>Writes citations that have an address as the protocol's annotations.</summary>
internal static class CompletionAnnotations
{
    public static void Write(Utf8JsonWriter json, ChatResponse response)
    {
        json.WriteStartArray("annotations");
        var offset = 0;
        foreach (var text in response.Messages.SelectMany(m => m.Contents).OfType<TextContent>())
        {
            foreach (var citation in (text.Annotations ?? []).OfType<CitationAnnotation>().Where(c => c.Url is not null))
            {
                foreach (var region in (citation.AnnotatedRegions ?? []).OfType<TextSpanAnnotatedRegion>())
                {
                    json.WriteStartObject();
                    json.WriteString("type", "url_citation");
                    json.WriteStartObject("url_citation");
                    json.WriteNumber("start_index", offset + region.StartIndex ?? 0);
                    json.WriteNumber("end_index", offset + region.EndIndex ?? 0);
                    json.WriteString("title", citation.Title ?? "");
                    json.WriteString("url", citation.Url!.OriginalString);
                    json.WriteEndObject();
                    json.WriteEndObject();
                }
            }

            offset += text.Text.Length;
        }

        json.WriteEndArray();
    }
}
