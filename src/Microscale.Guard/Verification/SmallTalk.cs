using System.Text.RegularExpressions;

namespace Microscale.Guard;

/// <summary>Knows sentences that state nothing: greetings, thanks, refusals, offers, closings.</summary>
/// <remarks>Deliberately a small list of whole sentences without free words: a sentence that only resembles one of them, or
/// holds a digit, is a claim. English, with the commonest greetings and refusals of some other languages. "Yes." answers a
/// question, and where there is none it states nothing.</remarks>
internal static partial class SmallTalk
{
    private const int LongestSentence = 160;

    /// <summary>Whether a sentence states nothing.</summary>
    /// <param name="sentence">The sentence, trimmed.</param>
    /// <param name="question">The question that the answer belongs to.</param>
    public static bool Matches(string sentence, string question)
    {
        if (sentence.Length > LongestSentence || sentence.AsSpan().ContainsAnyInRange('0', '9'))
        {
            return false;
        }

        Span<char> lower = stackalloc char[LongestSentence];
        lower = lower[..sentence.AsSpan().ToLowerInvariant(lower)];
        lower.Replace('’', '\'');
        var text = lower.Trim(" .!?:,…¡¿。！？，؟");
        return Greeting().IsMatch(text) || OtherLanguages().IsMatch(text) || (question.Length == 0 && BareReply().IsMatch(text))
            || Refusal().IsMatch(text) || Offer().IsMatch(text) || LeadIn().IsMatch(text)
            || (Assent().IsMatch(text) && AsksForWords().IsMatch(question));
    }

    [GeneratedRegex(
        "^(?:(?:hello|hi|hey|greetings|welcome|good (?:morning|afternoon|evening|day))(?: there| again| everyone| back)?"
        + "|thanks?(?: you)?(?: (?:so|very) much)?(?: for (?:asking|your question))?|(?:you're|you are) welcome"
        + "|that(?:'s| is| sounds) (?:so |very |really |pretty )?(?:cool|awesome|great|nice|interesting|amazing|wonderful|fascinating|lovely)"
        + "|(?:that's a |that is a |what a )?(?:great|good|interesting) question|(?:goodbye|bye|take care))$",
        RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Greeting();

    [GeneratedRegex(
        "^(?:(?:i'm |i am )?(?:very |so )?sorry|(?:i apologi[sz]e|apologies|unfortunately))?,? ?(?:but |and )?"
        + "(?:i (?:really |simply )?(?:do not|don't) know(?: that| this| the answer(?: to (?:that|this|your|the)(?: question)?)?)?"
        + "|(?:i'm|i am) (?:really )?not (?:sure|certain)(?: about (?:that|this|it))?"
        + "|(?:i (?:cannot|can't|can not)|(?:i'm|i am) (?:unable|not able) to) (?:answer|say|tell|verify|confirm|help with|help you with|assist with)"
        + "(?: (?:that|this|it|you|your question|(?:that|this|the) question|the answer))?"
        + "|i (?:do not|don't) have (?:enough |sufficient |any |the |that |this )?(?:information|evidence|data|knowledge)"
        + "(?: (?:to|for) (?:answer|say)(?: (?:that|this|it|you|your question|(?:that|this|the) question))?| about (?:that|this|it))?)?$",
        RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Refusal();

    [GeneratedRegex(
        "^(?:(?:please )?(?:let me know|feel free to (?:ask|reach out)|do not hesitate to ask|don't hesitate to ask)"
        + "(?: me)?(?: if (?:you )?(?:need|have|want|would like|there is|there's) (?:anything else|(?:any )?(?:other |more |further )?"
        + "(?:questions?|help|information|details|assistance)))?"
        + "|(?:i )?hope (?:this|that|it) helps(?: you)?|have a (?:great|good|nice|wonderful) (?:day|evening|weekend|one)"
        + "|is there anything else(?: (?:you (?:need|want)|i can help(?: you)? with|you would like to know|you'd like to know))?(?: today)?"
        + "|(?:how|what) can i (?:help|do|assist)(?: you)?(?: with)?(?: for you)?(?: today)?)$",
        RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Offer();

    [GeneratedRegex(
        "^(?:here (?:is|are) (?:the|an?|some|a few) (?:short |brief |key |main )?(?:answers?|steps|facts|points|list|summary|details|information|overview)"
        + "|in (?:summary|conclusion)|to summari[sz]e|in short)$",
        RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex LeadIn();

    /// <summary>"Sure!" is an answer to "Is it true?", and filler after "What is it?".</summary>
    [GeneratedRegex(
        "^(?:sure|certainly|of course|absolutely|okay|ok|alright)(?: thing)?(?:,? (?:i can (?:help|do) (?:with )?that"
        + "|i'd be (?:happy|glad) to help|i would be (?:happy|glad) to help))?$",
        RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Assent();

    [GeneratedRegex(
        @"^\s*(?:(?:please|can you|could you) )*(?:what|when|where|who|whom|whose|which|how|why|tell|explain|describe|list|summari[sz]e|give|write|name|define|compare|show)\b",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex AsksForWords();

    [GeneratedRegex("^(?:yes|yeah|yep|yup|no|nope|sure|ok|okay|oh|well|ah|hm+|wow|oh wow)$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex BareReply();

    [GeneratedRegex(
        "^(?:hallo|guten (?:morgen|tag|abend)|danke(?: schön)?|(?:das )?(?:ich )?weiß (?:es |das )?(?:ich )?(?:leider )?nicht"
        + "|bonjour|bonsoir|salut|merci(?: beaucoup)?|je ne (?:le )?sais pas"
        + "|hola|buenos días|buenas (?:tardes|noches)|(?:muchas )?gracias|no (?:lo )?sé"
        + "|ciao|buongiorno|buonasera|grazie(?: mille)?|non lo so|olá|bom dia|boa (?:tarde|noite)|obrigad[oa]|não sei"
        + "|你好|您好|谢谢|我?不知道|こんにちは|ありがとうございます|(?:わか|分か)りません|안녕하세요|감사합니다|모르겠습니다|مرحبا|شكرا|لا أعرف)$",
        RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex OtherLanguages();
}
