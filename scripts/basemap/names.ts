/**
 * English names of province-level units and of prefectures by GB/T 2260 code, and the points and seas
 * that a map of China names. Pinyin without tone marks; established English spellings where a place
 * has one (Harbin, Hohhot, Lhasa, Kashgar). Chinese names come from the packages, not from here.
 */

const table = (text: string): ReadonlyMap<string, string> =>
  new Map(
    text
      .trim()
      .split(/[\n;]\s*/)
      .map((entry): [string, string] => [entry.slice(0, 6), entry.slice(7)]),
  )

/** English names of the 34 province-level units, by six-digit code. */
export const PROVINCES = table(`
110000 Beijing;120000 Tianjin;130000 Hebei;140000 Shanxi;150000 Inner Mongolia
210000 Liaoning;220000 Jilin;230000 Heilongjiang;310000 Shanghai;320000 Jiangsu;330000 Zhejiang
340000 Anhui;350000 Fujian;360000 Jiangxi;370000 Shandong;410000 Henan;420000 Hubei;430000 Hunan
440000 Guangdong;450000 Guangxi;460000 Hainan;500000 Chongqing;510000 Sichuan;520000 Guizhou
530000 Yunnan;540000 Xizang;610000 Shaanxi;620000 Gansu;630000 Qinghai;640000 Ningxia;650000 Xinjiang
710000 Taiwan;810000 Hong Kong;820000 Macao
`)

/** English names of prefectures and of county-level units directly under a province, by six-digit code. */
export const PREFECTURES = table(`
130100 Shijiazhuang;130200 Tangshan;130300 Qinhuangdao;130400 Handan;130500 Xingtai;130600 Baoding;130700 Zhangjiakou
130800 Chengde;130900 Cangzhou;131000 Langfang;131100 Hengshui
140100 Taiyuan;140200 Datong;140300 Yangquan;140400 Changzhi;140500 Jincheng;140600 Shuozhou;140700 Jinzhong
140800 Yuncheng;140900 Xinzhou;141000 Linfen;141100 Lüliang
150100 Hohhot;150200 Baotou;150300 Wuhai;150400 Chifeng;150500 Tongliao;150600 Ordos;150700 Hulunbuir
150800 Bayannur;150900 Ulanqab;152200 Hinggan;152500 Xilingol;152900 Alxa
210100 Shenyang;210200 Dalian;210300 Anshan;210400 Fushun;210500 Benxi;210600 Dandong;210700 Jinzhou
210800 Yingkou;210900 Fuxin;211000 Liaoyang;211100 Panjin;211200 Tieling;211300 Chaoyang;211400 Huludao
220100 Changchun;220200 Jilin City;220300 Siping;220400 Liaoyuan;220500 Tonghua;220600 Baishan;220700 Songyuan
220800 Baicheng;222400 Yanbian
230100 Harbin;230200 Qiqihar;230300 Jixi;230400 Hegang;230500 Shuangyashan;230600 Daqing;230700 Yichun
230800 Jiamusi;230900 Qitaihe;231000 Mudanjiang;231100 Heihe;231200 Suihua;232700 Da Hinggan Ling
320100 Nanjing;320200 Wuxi;320300 Xuzhou;320400 Changzhou;320500 Suzhou;320600 Nantong;320700 Lianyungang
320800 Huai'an;320900 Yancheng;321000 Yangzhou;321100 Zhenjiang;321200 Taizhou;321300 Suqian
330100 Hangzhou;330200 Ningbo;330300 Wenzhou;330400 Jiaxing;330500 Huzhou;330600 Shaoxing;330700 Jinhua
330800 Quzhou;330900 Zhoushan;331000 Taizhou;331100 Lishui
340100 Hefei;340200 Wuhu;340300 Bengbu;340400 Huainan;340500 Ma'anshan;340600 Huaibei;340700 Tongling
340800 Anqing;341000 Huangshan;341100 Chuzhou;341200 Fuyang;341300 Suzhou;341500 Lu'an;341600 Bozhou
341700 Chizhou;341800 Xuancheng
350100 Fuzhou;350200 Xiamen;350300 Putian;350400 Sanming;350500 Quanzhou;350600 Zhangzhou;350700 Nanping
350800 Longyan;350900 Ningde
360100 Nanchang;360200 Jingdezhen;360300 Pingxiang;360400 Jiujiang;360500 Xinyu;360600 Yingtan;360700 Ganzhou
360800 Ji'an;360900 Yichun;361000 Fuzhou;361100 Shangrao
370100 Jinan;370200 Qingdao;370300 Zibo;370400 Zaozhuang;370500 Dongying;370600 Yantai;370700 Weifang
370800 Jining;370900 Tai'an;371000 Weihai;371100 Rizhao;371300 Linyi;371400 Dezhou;371500 Liaocheng
371600 Binzhou;371700 Heze
410100 Zhengzhou;410200 Kaifeng;410300 Luoyang;410400 Pingdingshan;410500 Anyang;410600 Hebi;410700 Xinxiang
410800 Jiaozuo;410900 Puyang;411000 Xuchang;411100 Luohe;411200 Sanmenxia;411300 Nanyang;411400 Shangqiu
411500 Xinyang;411600 Zhoukou;411700 Zhumadian;419001 Jiyuan
420100 Wuhan;420200 Huangshi;420300 Shiyan;420500 Yichang;420600 Xiangyang;420700 Ezhou;420800 Jingmen
420900 Xiaogan;421000 Jingzhou;421100 Huanggang;421200 Xianning;421300 Suizhou;422800 Enshi;429004 Xiantao
429005 Qianjiang;429006 Tianmen;429021 Shennongjia
430100 Changsha;430200 Zhuzhou;430300 Xiangtan;430400 Hengyang;430500 Shaoyang;430600 Yueyang;430700 Changde
430800 Zhangjiajie;430900 Yiyang;431000 Chenzhou;431100 Yongzhou;431200 Huaihua;431300 Loudi;433100 Xiangxi
440100 Guangzhou;440200 Shaoguan;440300 Shenzhen;440400 Zhuhai;440500 Shantou;440600 Foshan;440700 Jiangmen
440800 Zhanjiang;440900 Maoming;441200 Zhaoqing;441300 Huizhou;441400 Meizhou;441500 Shanwei;441600 Heyuan
441700 Yangjiang;441800 Qingyuan;441900 Dongguan;442000 Zhongshan;445100 Chaozhou;445200 Jieyang;445300 Yunfu
450100 Nanning;450200 Liuzhou;450300 Guilin;450400 Wuzhou;450500 Beihai;450600 Fangchenggang;450700 Qinzhou
450800 Guigang;450900 Yulin;451000 Baise;451100 Hezhou;451200 Hechi;451300 Laibin;451400 Chongzuo
460100 Haikou;460200 Sanya;460300 Sansha;460400 Danzhou;469001 Wuzhishan;469002 Qionghai;469005 Wenchang
469006 Wanning;469007 Dongfang;469021 Ding'an;469022 Tunchang;469023 Chengmai;469024 Lingao;469025 Baisha
469026 Changjiang;469027 Ledong;469028 Lingshui;469029 Baoting;469030 Qiongzhong
510100 Chengdu;510300 Zigong;510400 Panzhihua;510500 Luzhou;510600 Deyang;510700 Mianyang;510800 Guangyuan
510900 Suining;511000 Neijiang;511100 Leshan;511300 Nanchong;511400 Meishan;511500 Yibin;511600 Guang'an
511700 Dazhou;511800 Ya'an;511900 Bazhong;512000 Ziyang;513200 Aba;513300 Garzê;513400 Liangshan
520100 Guiyang;520200 Liupanshui;520300 Zunyi;520400 Anshun;520500 Bijie;520600 Tongren;522300 Qianxinan
522600 Qiandongnan;522700 Qiannan
530100 Kunming;530300 Qujing;530400 Yuxi;530500 Baoshan;530600 Zhaotong;530700 Lijiang;530800 Pu'er
530900 Lincang;532300 Chuxiong;532500 Honghe;532600 Wenshan;532800 Xishuangbanna;532900 Dali;533100 Dehong
533300 Nujiang;533400 Diqing
540100 Lhasa;540200 Xigazê;540300 Qamdo;540400 Nyingchi;540500 Shannan;540600 Nagqu;542500 Ngari
610100 Xi'an;610200 Tongchuan;610300 Baoji;610400 Xianyang;610500 Weinan;610600 Yan'an;610700 Hanzhong
610800 Yulin;610900 Ankang;611000 Shangluo
620100 Lanzhou;620200 Jiayuguan;620300 Jinchang;620400 Baiyin;620500 Tianshui;620600 Wuwei;620700 Zhangye
620800 Pingliang;620900 Jiuquan;621000 Qingyang;621100 Dingxi;621200 Longnan;622900 Linxia;623000 Gannan
630100 Xining;630200 Haidong;632200 Haibei;632300 Huangnan;632500 Hainan;632600 Golog;632700 Yushu;632800 Haixi
640100 Yinchuan;640200 Shizuishan;640300 Wuzhong;640400 Guyuan;640500 Zhongwei
650100 Ürümqi;650200 Karamay;650400 Turpan;650500 Hami;652300 Changji;652700 Bortala;652800 Bayingolin
652900 Aksu;653000 Kizilsu;653100 Kashgar;653200 Hotan;654000 Ili;654200 Tacheng;654300 Altay
659001 Shihezi;659002 Aral;659003 Tumxuk;659004 Wujiaqu;659005 Beitun;659006 Tiemenguan;659007 Shuanghe
`)

/** Codes in the boundary source that GB/T 2260 has since replaced; Laiwu went into Jinan in 2019. */
export const RECODED: ReadonlyMap<string, string> = new Map([
  ['371200', '370100'],
  ['469003', '460400'],
  ['542200', '540500'],
  ['542400', '540600'],
  ['542600', '540400'],
  ['652100', '650400'],
  ['652200', '650500'],
])

export type NamedPoint = {
  readonly kind: 'island' | 'sea' | 'prefecture'
  readonly code?: string
  readonly zh: string
  readonly en: string
  readonly lon: number
  readonly lat: number
}

/** What a map of China must name at sea, and the seas; WGS-84 degrees, to a few kilometres. */
export const NAMED: readonly NamedPoint[] = [
  { kind: 'island', zh: '钓鱼岛', en: 'Diaoyu Dao', lon: 123.475, lat: 25.744 },
  { kind: 'island', zh: '赤尾屿', en: 'Chiwei Yu', lon: 124.559, lat: 25.922 },
  { kind: 'island', zh: '东沙群岛', en: 'Dongsha Qundao', lon: 116.8, lat: 20.7 },
  { kind: 'island', zh: '西沙群岛', en: 'Xisha Qundao', lon: 111.9, lat: 16.5 },
  { kind: 'island', zh: '中沙群岛', en: 'Zhongsha Qundao', lon: 114.3, lat: 15.8 },
  { kind: 'island', zh: '黄岩岛', en: 'Huangyan Dao', lon: 117.76, lat: 15.15 },
  { kind: 'island', zh: '南沙群岛', en: 'Nansha Qundao', lon: 114.2, lat: 9.8 },
  { kind: 'island', zh: '曾母暗沙', en: 'Zengmu Ansha', lon: 112.28, lat: 3.97 },
  { kind: 'prefecture', code: '460300', zh: '三沙', en: 'Sansha', lon: 112.34, lat: 16.83 },
  { kind: 'sea', zh: '渤海', en: 'Bohai Sea', lon: 119.7, lat: 38.6 },
  { kind: 'sea', zh: '黄海', en: 'Yellow Sea', lon: 123.3, lat: 35.4 },
  { kind: 'sea', zh: '东海', en: 'East China Sea', lon: 124.6, lat: 29.2 },
  { kind: 'sea', zh: '南海', en: 'South China Sea', lon: 114.8, lat: 17.9 },
]
