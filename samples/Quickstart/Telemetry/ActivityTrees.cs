using System.Diagnostics;
using System.Globalization;
using Spectre.Console;

namespace Microscale.Guard.Samples.Quickstart;

/// <summary>Draws activities as trees.</summary>
internal static class ActivityTrees
{
    /// <summary>A tree for each activity whose parent is not among the activities.</summary>
    public static IEnumerable<Tree> Of(IReadOnlyList<Activity> activities)
    {
        var ids = activities.Select(a => a.SpanId).ToHashSet();
        var children = activities.ToLookup(a => a.ParentSpanId);
        foreach (var root in activities.Where(a => !ids.Contains(a.ParentSpanId)).OrderBy(a => a.StartTimeUtc))
        {
            var tree = new Tree(Line(root)) { Guide = TreeGuide.Line };
            AddDetails(tree, root, children);
            yield return tree;
        }
    }

    private static void AddDetails(IHasTreeNodes node, Activity activity, ILookup<ActivitySpanId, Activity> children)
    {
        foreach (var activityEvent in activity.Events)
        {
            node.AddNode(Printable.Text($"event {activityEvent.Name}{Tags(activityEvent.Tags)}"));
        }

        foreach (var child in children[activity.SpanId].OrderBy(a => a.StartTimeUtc))
        {
            AddDetails(node.AddNode(Line(child)), child, children);
        }
    }

    private static Text Line(Activity activity)
    {
        var status = activity.Status == ActivityStatusCode.Error ? " error" : "";
        return Printable.Text($"{activity.OperationName} {Printable.Duration(activity.Duration)}{status}{Tags(activity.TagObjects)}");
    }

    /// <summary>Tags as <c>name=value</c> pairs.</summary>
    public static string Tags(IEnumerable<KeyValuePair<string, object?>> tags) => string.Concat(
        tags.Where(t => t.Value is not null).Select(t => string.Create(CultureInfo.InvariantCulture, $" {t.Key}={Value(t.Value)}")));

    private static object? Value(object? value) => value is double number ? Math.Round(number, 3) : value;
}
