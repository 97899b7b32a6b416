using System.Text.Json;
using CsCheck;
using Microsoft.Extensions.Time.Testing;

namespace Microscale.Guard.Onnx.Tests.Templates;

/// <summary>The rows were compared with what Jinja 3.1 writes, with the settings of the transformers library.</summary>
public class JinjaTemplateTests
{
    private const string Data =
        """{"n":3,"name":"Ada","list":[1,2,3],"words":["b","C","a"],"map":{"b":1,"a":"x"},"nothing":null,"yes":true,"users":[{"name":"Eve","age":30},{"name":"Bob","age":25}],"nested":{"items":5,"keys":6}}""";

    [Theory]

    // White space.
    [InlineData("a\n  {% if yes %}\n  b\n  {% endif %}\nc\n", "a\n  b\nc")]
    [InlineData("a {%- if yes -%} b {%- endif -%} c", "abc")]
    [InlineData("  {{- n -}}  |", "3|")]
    [InlineData("x\n{# note #}\ny", "x\ny")]
    [InlineData("  {%+ if yes %}a{% endif %}", "  a")]
    [InlineData("{% if yes +%}\na{% endif %}", "\na")]
    [InlineData("{% raw %}{{ n }}{% endraw %}", "{{ n }}")]
    [InlineData("{{ 'a' }}\n{{ 'b' }}\n", "a\nb")]

    // Loops.
    [InlineData("{% for x in list %}{{ loop.index }}{{ loop.index0 }}{{ loop.first }}{{ loop.last }};{% endfor %}", "10TrueFalse;21FalseFalse;32FalseTrue;")]
    [InlineData("{% for x in list %}{{ loop.revindex }}{{ loop.length }}{{ loop.previtem }}{{ loop.nextitem }};{% endfor %}", "332;2313;132;")]
    [InlineData("{% for x in list if x != 2 %}{{ x }}{{ loop.last }}{% else %}none{% endfor %}", "1False3True")]
    [InlineData("{% for x in [] %}{{ x }}{% else %}none{% endfor %}", "none")]
    [InlineData("{% for k, v in map.items() %}{{ k }}={{ v }};{% endfor %}", "b=1;a=x;")]
    [InlineData("{% for x in list %}{% if x == 2 %}{% continue %}{% endif %}{{ x }}{% endfor %}", "13")]
    [InlineData("{% for x in list %}{% if x == 2 %}{% break %}{% endif %}{{ x }}{% endfor %}", "1")]
    [InlineData("{% for c in name %}{{ c }}.{% endfor %}", "A.d.a.")]
    [InlineData("{% for x in list %}{{ loop.cycle('a', 'b') }}{% endfor %}", "aba")]
    [InlineData("{% set x = 0 %}{% for y in list %}{% set x = x + y %}{% endfor %}{{ x }}", "0")]
    [InlineData("{% set ns = namespace(x=0) %}{% for y in list %}{% set ns.x = ns.x + y %}{% endfor %}{{ ns.x }}", "6")]
    [InlineData("{% for x in range(2, 9, 3) %}{{ x }}{% endfor %}", "258")]

    // Conditions and operators.
    [InlineData("{% if n > 3 %}a{% elif n == 3 %}b{% else %}c{% endif %}", "b")]
    [InlineData("{{ 'a' if n > 3 else 'b' }}{{ 'x' if false }}", "b")]
    [InlineData("{{ n + 1 * 2 }}|{{ 7 // 2 }}|{{ -7 // 2 }}|{{ -7 % 3 }}|{{ 7 / 2 }}|{{ 6 / 2 }}|{{ 2 ** 3 }}", "5|3|-4|2|3.5|3.0|8")]
    [InlineData("{{ n ~ 'x' ~ none ~ true }}", "3xNoneTrue")]
    [InlineData("{{ 1 < 2 < 3 }}{{ 'a' in name }}{{ 'z' not in name }}{{ 2 in list }}{{ 'a' in map }}", "TrueTrueTrueTrueTrue")]
    [InlineData("{{ not yes or n }}{{ nothing and n }}{{ '' or 'b' }}", "3Noneb")]
    [InlineData("{{ 'a' 'b' * 2 }}", "abab")]
    [InlineData("{{ [1, 'a', none, {'k': 1.5}] }}", "[1, 'a', None, {'k': 1.5}]")]
    [InlineData("{{ list[0] }}{{ list[-1] }}{{ list[9] }}{{ list[1:] }}{{ list[::-1] }}{{ name[1:] }}{{ name[:-1] }}", "13[2, 3][3, 2, 1]daAd")]
    [InlineData("{{ map.a }}{{ map['b'] }}{{ map.none }}{{ nested['items'] }}{{ nested.get('keys') }}{{ map.get('z', 'd') }}", "x156d")]
    [InlineData("{% set a, b = [1, 2] %}{{ b }}{{ a }}", "21")]
    [InlineData("{% set x %}in {{ n }}{% endset %}[{{ x }}]", "[in 3]")]
    [InlineData("{{ (1, 2)[1] }}{{ {'a': {'b': 2}}.a.b }}", "22")]
    [InlineData("{{ 'it\\'s' }}{{ \"\\u00e9\\n\" }}|", "it'sé\n|")]

    // Tests.
    [InlineData("{{ x is defined }}{{ x is undefined }}{{ nothing is none }}{{ n is not none }}{{ name is string }}{{ map is mapping }}", "FalseTrueTrueTrueTrueTrue")]
    [InlineData("{{ list is iterable }}{{ list is sequence }}{{ n is number }}{{ yes is boolean }}{{ yes is true }}{{ n is integer }}{{ 1.5 is float }}", "TrueTrueTrueTrueTrueTrueTrue")]
    [InlineData("{{ n is odd }}{{ n is even }}{{ n is divisibleby 3 }}{{ n is in [1, 3] }}{{ n is eq 3 }}{{ 'a' is lower }}", "TrueFalseTrueTrueTrueTrue")]
    [InlineData("{{ not x is defined and n is defined }}", "True")]

    // Filters.
    [InlineData("{{ '  a ' | trim }}|{{ name | upper }}|{{ name | lower }}|{{ 'ab cd' | title }}|{{ 'aB' | capitalize }}", "a|ADA|ada|Ab Cd|Ab")]
    [InlineData("{{ list | length }}{{ list | first }}{{ list | last }}{{ list | join('-') }}{{ words | sort | join }}", "3131-2-3abC")]
    [InlineData("{{ x | default('d') }}{{ '' | default('d', true) }}{{ n | default('d') }}", "dd3")]
    [InlineData("{{ map | tojson }}|{{ 'é<\"' | tojson }}|{{ [] | tojson }}|{{ 1.0 | tojson }}", "{\"b\": 1, \"a\": \"x\"}|\"é<\\\"\"|[]|1.0")]
    [InlineData("{{ map | tojson(indent=2) }}", "{\n  \"b\": 1,\n  \"a\": \"x\"\n}")]
    [InlineData("{{ map | tojson(sort_keys=true, separators=(',', ':')) }}", "{\"a\":\"x\",\"b\":1}")]
    [InlineData("{{ users | map(attribute='name') | join(',') }}|{{ words | map('upper') | join }}", "Eve,Bob|BCA")]
    [InlineData("{{ users | selectattr('age', 'gt', 26) | map(attribute='name') | list }}{{ list | reject('odd') | list }}", "['Eve'][2]")]
    [InlineData("{{ users | sort(attribute='age') | map(attribute='name') | join }}{{ list | sort(reverse=true) | join }}", "BobEve321")]
    [InlineData("{{ 'a\nb' | indent(2) }}|{{ 'a-b' | replace('-', '+') }}|{{ list | reverse | list }}|{{ [1, 1, 2] | unique | list }}", "a\n  b|a+b|[3, 2, 1]|[1, 2]")]
    [InlineData("{{ '7' | int + 1 }}{{ 'x' | int }}{{ '1.5' | float }}{{ -3 | abs }}{{ list | sum }}{{ list | max }}{{ 3 | string ~ 'a' }}", "801.53633a")]
    [InlineData("{% filter upper %}a{{ n }}{% endfilter %}", "A3")]

    // Methods.
    [InlineData("{{ ' a '.strip() }}{{ 'xax'.strip('x') }}{{ ' a'.lstrip() }}{{ 'a '.rstrip() }}|", "aaaa|")]
    [InlineData("{{ 'a,b,c'.split(',') }}{{ 'a b'.split() }}{{ 'a,b,c'.split(',', 1) }}{{ 'a,b'.rsplit(',', 1)[-1] }}", "['a', 'b', 'c']['a', 'b']['a', 'b,c']b")]
    [InlineData("{{ name.startswith('A') }}{{ name.endswith(('x', 'a')) }}{{ name.upper() }}{{ 'aXb'.replace('X', '-') }}{{ ','.join(words) }}", "TrueTrueADAa-bb,C,a")]
    [InlineData("{{ '</think>a'.split('</think>')[-1].lstrip('\\n') }}{{ 'abab'.find('b') }}{{ 'abab'.count('ab') }}", "a12")]

    // Macros and calls.
    [InlineData("{% macro m(a, b='x') %}{{ a }}{{ b }};{% endmacro %}{{ m(1) }}{{ m(1, 2) }}{{ m(b=3, a=4) }}", "1x;12;43;")]
    [InlineData("{% macro m(k) %}{% if k > 0 %}{{ k }}{{ m(k - 1) }}{% endif %}{% endmacro %}{{ m(3) }}", "321")]
    [InlineData("{% macro m(a) %}{{ caller(a) }}{% endmacro %}{% call(x) m(2) %}<{{ x }}>{% endcall %}", "<2>")]
    [InlineData("{% macro m(a, b) %}{{ a }}{{ b }}{% endmacro %}{{ m(*[1, 2]) }}{{ m(**{'a': 3, 'b': 4}) }}", "1234")]
    [InlineData("{% generation %}{{ n }}{% endgeneration %}", "3")]
    public void Render_Template_IsWhatJinjaWrites(string template, string expected) => Assert.Equal(expected, Render(template));

    [Fact]
    public void Render_StrftimeNow_IsTheTimeOfTheClock()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2024, 7, 4, 15, 6, 7, TimeSpan.Zero));

        Assert.Equal("04 Jul 2024|Thursday, July 4|15:06:07|03 PM|186|%", JinjaTemplate.Parse(
            "{{ strftime_now('%d %b %Y') }}|{{ strftime_now('%A, %B %-d') }}|{{ strftime_now('%H:%M:%S') }}|{{ strftime_now('%I %p') }}|{{ strftime_now('%j|%%') }}")
            .Render([], clock).Value);
    }

    [Fact]
    public void Render_ConcatenationsSlicesAndFilters_RememberWhoWroteEachCharacter()
    {
        var text = JinjaTemplate.Parse("<{{ 'ab' + name | upper + '>'.strip() }}{{ (name ~ 'cd')[1:-1].replace('d', '#') }}{{ ['x', name] | join('-') }}{{ name | tojson }}")
            .Render([new("name", TemplateText.FromData("<d>"))], TimeProvider.System);

        Assert.Equal("<ab<D>>#>cx-<d>\"<d>\"", text.Value);
        Assert.Equal("t" + "ttdddt" + "tdt" + "ttddd" + "ddddd", string.Concat(Enumerable.Range(0, text.Length).Select(i => text.IsFromTemplate(i, 1) ? 't' : 'd')));
    }

    [Theory]
    [InlineData("a\n{% unless x %}", "line 2, column 4", "'unless' is not supported")]
    [InlineData("{{ x | nofilter }}", "line 1, column 8", "'nofilter' is not supported")]
    [InlineData("{{ x is notest }}", "line 1, column 9", "'notest' is not supported")]
    [InlineData("{% if x %}", "line 1", "add '{% endif %}'")]
    [InlineData("{% for x in y %}{% endif %}", "line 1, column 20", "'endif'")]
    [InlineData("{% endfor %}", "line 1, column 4", "ends no block")]
    [InlineData("{{ (1 + }}", "line 1", "closes nothing")]
    [InlineData("{{ 1 ", "line 1, column 1", "add '}}'")]
    [InlineData("{{ 'a }}", "line 1, column 4", "string does not end")]
    [InlineData("{# a", "line 1, column 1", "comment")]
    [InlineData("{% raw %} a", "line 1, column 1", "raw")]
    [InlineData("{{ 1 $ 2 }}", "line 1, column 6", "'$'")]
    [InlineData("{% for x in y recursive %}{% endfor %}", "line 1", "recursive")]
    [InlineData("{% break %}", "line 1", "no loop")]
    [InlineData("{{ f(a=1, 2) }}", "line 1", "without a name")]
    [InlineData("{{ 99999999999999999999 }}", "line 1", "too large")]
    [InlineData("{{ 1 + }}", "line 1, column 8", "value is expected")]
    public void Parse_WhatIsNoTemplate_NamesPlaceAndFault(string template, string place, string fault)
    {
        var message = Assert.Throws<JinjaException>(() => JinjaTemplate.Parse(template)).Message;

        Assert.Contains(place, message, StringComparison.Ordinal);
        Assert.Contains(fault, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a\n{{ x.y }}", "line 2, column 5", "'x' is not defined")]
    [InlineData("{{ x() }}", "line 1, column 5", "'x' is not defined")]
    [InlineData("{{ name.nomethod() }}", "line 1", "'nomethod' is not defined")]
    [InlineData("{{ name + 1 }}", "line 1, column 9", "'~'")]
    [InlineData("{{ 1 < 'a' }}", "line 1", "cannot be compared")]
    [InlineData("{{ 1 // 0 }}", "line 1", "zero")]
    [InlineData("{% for x in 5 %}{% endfor %}", "line 1", "members")]
    [InlineData("{{ n() }}", "line 1", "cannot be called")]
    [InlineData("{% set n.x = 1 %}", "line 1", "no namespace")]
    [InlineData("{{ range(10000000) }}", "line 1", "range")]
    [InlineData("{{ 'abc' * 100000000 }}", "line 1", "too long")]
    [InlineData("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "line 1", "without end")]
    [InlineData("{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}", "line 1", "come to an end")]
    [InlineData("{{ [1, 'a'] | sort }}", "line 1", "cannot be compared")]
    [InlineData("{{ strftime_now('%Q') }}", "line 1", "'%Q'")]
    [InlineData("{{ x | tojson }}", "line 1", "'x' is not defined")]
    public void Render_WhatCannotBeDone_NamesPlaceAndFault(string template, string place, string fault)
    {
        var message = Assert.Throws<JinjaException>(() => Render(template)).Message;

        Assert.Contains(place, message, StringComparison.Ordinal);
        Assert.Contains(fault, message, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_RaiseException_IsTheTemplatesRefusal()
    {
        var exception = Assert.Throws<JinjaException>(() => Render("{{ raise_exception('No ' ~ name ~ '!') }}"));

        Assert.True(exception.IsRefusal);
        Assert.Equal("No Ada!", exception.Message);
    }

    [Fact]
    public void Parse_DeepNesting_IsAnErrorAndNotTheEndOfTheProcess()
    {
        string[] deep =
        [
            "{{ " + new string('(', 100_000) + " }}",
            "{{ " + string.Concat(Enumerable.Repeat("[", 100_000)) + " }}",
            "{{ " + string.Concat(Enumerable.Repeat("-", 100_000)) + "1 }}",
            "{{ 1" + string.Concat(Enumerable.Repeat(" + 1", 100_000)) + " }}",
            "{{ a" + string.Concat(Enumerable.Repeat(".b", 100_000)) + " }}",
            "{{ " + string.Concat(Enumerable.Repeat("not ", 100_000)) + "1 }}",
            string.Concat(Enumerable.Repeat("{% if a %}", 100_000)),
            "{% if a %}" + string.Concat(Enumerable.Repeat("{% elif b %}", 100_000)) + "{% endif %}",
        ];

        Assert.All(deep, template => Assert.Throws<JinjaException>(() => JinjaTemplate.Parse(template)));
    }

    /// <summary>Whatever a model folder holds, an error is a <see cref="JinjaException"/>.</summary>
    [Fact]
    public void Render_AnyTemplate_RendersOrSaysWhatIsWrong() => Gen.OneOf(
            "{{", "}}", "{%", "%}", "-%}", "{%-", "{#", "#}", " if ", " for ", " in ", " x ", " endfor ", " endif ", " else ", " set ", " = ", " macro ", " m ", "(", ")",
            "[", "]", "{", "}", ":", ",", ".", "|", " is ", " not ", "'a'", "\"", "1", "-1", "2.5", " name ", " list ", " map ", " users ", " nothing ", "+", "-", "*", "//",
            "%", "~", "==", "<", " and ", " tojson ", " length ", " sort ", " first ", " join ", " items", " split", " strip", " range", " namespace", " defined ", "\n", "text")
        .Array[1, 25].Select(string.Concat).Sample(
            template =>
            {
                try
                {
                    Render(template);
                    Render("{{ " + template + " }}");
                }
                catch (JinjaException exception)
                {
                    Assert.Contains("line", exception.Message, StringComparison.Ordinal);
                }
            },
            iter: 20_000);

    private static string Render(string template)
    {
        using var data = JsonDocument.Parse(Data);
        return JinjaTemplate.Parse(template)
            .Render(data.RootElement.EnumerateObject().Select(p => new KeyValuePair<string, object?>(p.Name, JinjaValues.FromJson(p.Value))), TimeProvider.System).Value;
    }
}
